import { answer } from '@fairlead/shared/client';
import type { Command } from 'commander';
import { parseLabelChanges } from '../../arguments.ts';
import { action } from '../../command-context.ts';
import { formatLabels } from '../../output/words.ts';
import type { Terminal } from '../../terminal.ts';

export function addClustersLabel(clusters: Command, terminal: Terminal): void {
  clusters
    .command('label <name> <changes...>')
    .description('set labels (key=value) or take them away (key-)')
    .action(
      action<[string, string[]]>(terminal, async (context, name, changes) => {
        const cluster = await answer(
          context.client.PATCH('/v1/clusters/{name}/labels', {
            params: { path: { name } },
            body: { labels: parseLabelChanges(changes) },
          }),
        );
        if (!context.printer.isForPeople) return context.printer.document(cluster);
        context.printer.remark(`${cluster.name}  ${formatLabels(cluster.labels) || 'no labels'}`);
      }),
    );
}
