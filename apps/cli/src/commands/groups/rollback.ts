import { answer, defined } from '@fairlead/shared/client';
import type { Command } from 'commander';
import { parseCount } from '../../arguments.ts';
import { action } from '../../command-context.ts';
import { confirm } from '../../confirm.ts';
import { planLines } from '../../output/plan-lines.ts';
import { waitForRollout } from '../../show-progress.ts';
import type { Terminal } from '../../terminal.ts';

interface RollbackOptions {
  release: string;
  reason: string;
  plan?: string;
  wait?: true;
  timeout: string;
  yes?: true;
}

export function addGroupsRollback(groups: Command, terminal: Terminal): void {
  groups
    .command('rollback <group>')
    .description('take all targets of a group to an earlier release')
    .requiredOption('--release <number>', 'the release to go back to, by number')
    .requiredOption('--reason <text>', 'why; kept in the ledger')
    .option('--plan <hash>', 'do it only if the plan is still this one')
    .option('--wait', 'wait until it is at rest; exit code 8 when it failed')
    .option('--timeout <duration>', 'how long to wait', '30m')
    .option('--yes', 'do not ask')
    .action(
      action<[string], RollbackOptions>(terminal, async (context, group) => {
        const { reason, wait, timeout, yes } = context.options;
        const release = parseCount(context.options.release);
        const plan = await answer(context.client.POST('/v1/rollout-plans', { body: { group, release } }));
        for (const line of planLines(plan, terminal.paint)) context.printer.remark(line);
        await confirm(terminal, 'Go back as planned?', yes === true || context.options.plan !== undefined);
        const rollout = await answer(
          context.client.POST('/v1/groups/{group}/rollback', {
            params: { path: { group } },
            body: { release, reason, ...defined({ planHash: context.options.plan ?? plan.planHash }) },
          }),
        );
        context.printer.remark(`Rollout ${rollout.id} started.`);
        if (wait === true) return waitForRollout(context, rollout.id, timeout);
        if (!context.printer.isForPeople) context.printer.document(rollout);
      }),
    );
}
