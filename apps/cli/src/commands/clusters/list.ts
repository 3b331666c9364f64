import { allItems, answer, defined } from '@fairlead/shared/client';
import type { Command } from 'commander';
import { action } from '../../command-context.ts';
import type { Terminal } from '../../terminal.ts';
import { showAndWatch } from '../../watch.ts';
import { clusterView } from './cluster-view.ts';

export function addClustersList(clusters: Command, terminal: Terminal): void {
  clusters
    .command('list')
    .description('all clusters and whether their agents are connected')
    .option('--watch', 'show again whenever something changes')
    .action(
      action<[], { watch?: true }>(terminal, async (context) => {
        const read = () =>
          allItems((cursor) =>
            answer(context.client.GET('/v1/clusters', { params: { query: defined({ limit: 500, cursor }) } })),
          );
        const view = clusterView(terminal);
        if (context.options.watch !== true) return context.printer.list(await read(), view);
        await showAndWatch(context, true, async () => context.printer.listText(await read(), view));
      }),
    );
}
