import { answer } from '@fairlead/shared/client';
import type { Command } from 'commander';
import { parseCount } from '../../arguments.ts';
import { action } from '../../command-context.ts';
import { confirm } from '../../confirm.ts';
import { waitForRollout } from '../../show-progress.ts';
import type { Terminal } from '../../terminal.ts';

const verbs = {
  pause: { description: 'no new assignments until it is resumed', isGrave: false },
  resume: { description: 'go on with a paused or halted rollout', isGrave: false },
  cancel: { description: 'end it; targets keep what they have and the group is held', isGrave: true },
  retry: { description: 'try again what could not be rolled back', isGrave: false },
  rollback: { description: 'take the touched targets back to what they had', isGrave: true },
} as const;

interface ActionOptions {
  reason: string;
  wait?: true;
  timeout: string;
  yes?: true;
}

/** pause, resume, cancel, retry, rollback: each with a reason, which the ledger keeps. */
export function addRolloutActions(rollouts: Command, terminal: Terminal): void {
  for (const verb of Object.keys(verbs) as (keyof typeof verbs)[]) {
    rollouts
      .command(`${verb} <id>`)
      .description(verbs[verb].description)
      .requiredOption('--reason <text>', 'why; kept in the ledger')
      .option('--wait', 'wait until the rollout is at rest; exit code 8 unless it succeeded')
      .option('--timeout <duration>', 'how long to wait', '30m')
      .option('--yes', 'do not ask')
      .action(
        action<[string], ActionOptions>(terminal, async (context, idText) => {
          const { reason, wait, timeout, yes } = context.options;
          const id = parseCount(idText);
          await confirm(terminal, `Rollout ${id}: ${verb}?`, yes === true || !verbs[verb].isGrave);
          const params = { path: { id: String(id) } };
          const rollout = await answer(context.client.POST(`/v1/rollouts/{id}/${verb}`, { params, body: { reason } }));
          context.printer.remark(
            `Rollout ${id} is ${rollout.state}${rollout.reason === null ? '' : `: ${rollout.reason}`}`,
          );
          if (wait === true) return waitForRollout(context, id, timeout);
          if (!context.printer.isForPeople) context.printer.document(rollout);
        }),
      );
  }
}
