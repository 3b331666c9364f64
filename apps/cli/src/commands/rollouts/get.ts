import { readRollout } from '@fairlead/shared/client';
import type { Command } from 'commander';
import { parseCount } from '../../arguments.ts';
import { action } from '../../command-context.ts';
import { rolloutLines } from '../../output/rollout-lines.ts';
import type { Terminal } from '../../terminal.ts';
import { rolloutView } from './rollout-view.ts';

export function addRolloutsGet(rollouts: Command, terminal: Terminal): void {
  rollouts
    .command('get <id>')
    .description('one rollout: its waves and why it is not further')
    .action(
      action<[string]>(terminal, async (context, id) => {
        const { rollout, targets } = await readRollout(context.client, parseCount(id));
        if (!context.printer.isForPeople) return context.printer.one(rollout, rolloutView(terminal), []);
        const view = { paint: terminal.paint, nowMs: terminal.now(), isLive: true };
        for (const line of rolloutLines(rollout, targets, view)) context.printer.text(line);
      }),
    );
}
