import { answer, defined } from '@fairlead/shared/client';
import type { Command } from 'commander';
import { parseCount } from '../../arguments.ts';
import { action } from '../../command-context.ts';
import { planLines } from '../../output/plan-lines.ts';
import type { Terminal } from '../../terminal.ts';

interface PlanOptions {
  group: string;
  release?: string;
}

export function addRolloutsPlan(rollouts: Command, terminal: Terminal): void {
  rollouts
    .command('plan')
    .description('what a rollout would do, before it does it')
    .requiredOption('--group <group>', 'the group')
    .option('--release <number>', 'release of the group, by number; the newest when left out')
    .action(
      action<[], PlanOptions>(terminal, async (context) => {
        const { group, release } = context.options;
        const chosen = release === undefined ? undefined : parseCount(release);
        const body = { group, ...defined({ release: chosen }) };
        const plan = await answer(context.client.POST('/v1/rollout-plans', { body }));
        if (!context.printer.isForPeople) return context.printer.document(plan);
        for (const line of planLines(plan, terminal.paint)) context.printer.text(line);
        const option = chosen === undefined ? '' : ` --release ${chosen}`;
        context.printer.remark(
          `Start it with: fairlead rollouts start --group ${group}${option} --plan ${plan.planHash}`,
        );
      }),
    );
}
