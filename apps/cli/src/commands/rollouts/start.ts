import { answer, defined } from '@fairlead/shared/client';
import type { Command } from 'commander';
import { parseCount } from '../../arguments.ts';
import { action } from '../../command-context.ts';
import { confirm } from '../../confirm.ts';
import { planLines } from '../../output/plan-lines.ts';
import { waitForRollout } from '../../show-progress.ts';
import type { Terminal } from '../../terminal.ts';

interface StartOptions {
  group: string;
  release?: string;
  plan?: string;
  reason?: string;
  wait?: true;
  timeout: string;
  yes?: true;
  dryRun?: true;
}

export function addRolloutsStart(rollouts: Command, terminal: Terminal): void {
  rollouts
    .command('start')
    .description('start a rollout after showing its plan')
    .requiredOption('--group <group>', 'the group')
    .option('--release <number>', 'release of the group, by number; the newest when left out')
    .option('--plan <hash>', 'start only if the plan is still this one')
    .option('--reason <text>', 'why; kept in the ledger')
    .option('--dry-run', 'only show the plan')
    .option('--wait', 'wait until it is at rest; exit code 8 when it failed')
    .option('--timeout <duration>', 'how long to wait', '30m')
    .option('--yes', 'do not ask')
    .action(
      action<[], StartOptions>(terminal, async (context) => {
        const { group, release, reason, wait, timeout, yes, dryRun } = context.options;
        const wanted = { group, ...defined({ release: release === undefined ? undefined : parseCount(release) }) };
        const plan = await answer(context.client.POST('/v1/rollout-plans', { body: wanted }));
        for (const line of planLines(plan, terminal.paint)) context.printer.remark(line);
        if (dryRun === true) return context.printer.isForPeople ? undefined : context.printer.document(plan);
        await confirm(terminal, 'Start this rollout?', yes === true || context.options.plan !== undefined);
        const planHash = context.options.plan ?? plan.planHash;
        const body = { ...wanted, planHash, ...defined({ reason }) };
        const rollout = await answer(context.client.POST('/v1/rollouts', { body }));
        context.printer.remark(`Rollout ${rollout.id} started.`);
        if (wait === true) return waitForRollout(context, rollout.id, timeout);
        if (!context.printer.isForPeople) context.printer.document(rollout);
        context.printer.remark(`Watch it with: fairlead rollouts watch ${rollout.id}`);
      }),
    );
}
