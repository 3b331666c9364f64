import { answer } from '@fairlead/shared/client';
import type { Command } from 'commander';
import { action } from '../../command-context.ts';
import { confirm } from '../../confirm.ts';
import type { Terminal } from '../../terminal.ts';

export function addClustersRevoke(clusters: Command, terminal: Terminal): void {
  clusters
    .command('revoke <name>')
    .description("take away the agent's keys and cut its connection; what runs in the cluster stays")
    .requiredOption('--reason <text>', 'why; kept in the ledger')
    .option('--yes', 'do not ask')
    .action(
      action<[string], { reason: string; yes?: true }>(terminal, async (context, name) => {
        await confirm(terminal, `Revoke the agent of ${name}?`, context.options.yes === true);
        const { reason } = context.options;
        const cluster = await answer(
          context.client.POST('/v1/clusters/{name}/revoke', { params: { path: { name } }, body: { reason } }),
        );
        if (!context.printer.isForPeople) return context.printer.document(cluster);
        context.printer.remark(`${name} is revoked; its agent is disconnected and cannot come back with its key.`);
      }),
    );
}
