import { answer } from '@fairlead/shared/client';
import type { Command } from 'commander';
import { action } from '../../command-context.ts';
import type { Terminal } from '../../terminal.ts';
import { clusterFields, clusterView } from './cluster-view.ts';

export function addClustersGet(clusters: Command, terminal: Terminal): void {
  clusters
    .command('get <name>')
    .description('one cluster')
    .action(
      action<[string]>(terminal, async (context, name) => {
        const cluster = await answer(context.client.GET('/v1/clusters/{name}', { params: { path: { name } } }));
        context.printer.one(cluster, clusterView(terminal), clusterFields(cluster, terminal));
      }),
    );
}
