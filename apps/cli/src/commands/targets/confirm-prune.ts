import { answer, defined } from '@fairlead/shared/client';
import type { Command } from 'commander';
import { action } from '../../command-context.ts';
import type { Terminal } from '../../terminal.ts';

interface ConfirmOptions {
  hash: string;
  reason?: string;
}

export function addTargetsConfirmPrune(targets: Command, terminal: Terminal): void {
  targets
    .command('confirm-prune <app> <cluster>')
    .description('agree to the deletion of exactly the set of objects that the agent holds back; get shows it')
    .requiredOption('--hash <hash>', 'of the set, as it was shown')
    .option('--reason <text>', 'why; kept in the ledger')
    .action(
      action<[string, string], ConfirmOptions>(terminal, async (context, app, cluster) => {
        const target = await answer(
          context.client.POST('/v1/targets/{app}/{cluster}/confirm-prune', {
            params: { path: { app, cluster } },
            body: { hash: context.options.hash, ...defined({ reason: context.options.reason }) },
          }),
        );
        if (!context.printer.isForPeople) return context.printer.document(target);
        context.printer.remark(
          `${app} on ${cluster} may delete the ${target.pruneHold?.count ?? ''} objects of that set.`,
        );
      }),
    );
}
