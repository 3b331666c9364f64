import { answer, followRollout, type RolloutView } from '@fairlead/shared/client';
import type { Rollout } from '@fairlead/shared/contracts';
import { parseDuration } from './arguments.ts';
import type { CommandContext } from './command-context.ts';
import { exitCodes } from './exit-codes.ts';
import { harmless } from './output/harmless.ts';
import { LiveBlock } from './output/live-block.ts';
import { rolloutLines } from './output/rollout-lines.ts';
import { short } from './output/words.ts';

/**
 * Shows a rollout until it is at rest, a person interrupts, or the time is over. Gives how it was last seen; null when
 * nothing was seen in time.
 */
export async function showProgress(
  context: CommandContext<unknown>,
  id: number,
  timeoutMs: number | null,
): Promise<{ rollout: Rollout | null; isTimedOut: boolean }> {
  const { terminal, connection, printer } = context;
  const deadline = timeoutMs === null ? null : AbortSignal.timeout(timeoutMs);
  const signal = deadline === null ? terminal.interrupted : AbortSignal.any([terminal.interrupted, deadline]);
  const block = new LiveBlock(terminal);
  let last: RolloutView | null = null;
  for await (const view of followRollout({ ...connection, id, signal })) {
    last = view;
    const moment = { paint: terminal.paint, nowMs: terminal.now(), isLive: terminal.isLive };
    const shown = harmless(view);
    if (printer.isForPeople) block.draw(rolloutLines(shown.rollout, shown.targets, moment));
  }
  if (last !== null && !printer.isForPeople) printer.document(last.rollout);
  if (last !== null && ['rolledBack', 'rollbackFailed'].includes(last.rollout.state)) await explainHold(context, last);
  return { rollout: last?.rollout ?? null, isTimedOut: deadline?.aborted === true };
}

/** Waits as `--wait` says: exit code 8 when the rollout failed, 7 when it is not at rest in time. */
export async function waitForRollout(context: CommandContext<unknown>, id: number, timeout: string): Promise<void> {
  const { rollout, isTimedOut } = await showProgress(context, id, parseDuration(timeout));
  if (isTimedOut) {
    context.terminal.writeError(
      `${context.terminal.paint.red('✖')} The rollout was not at rest within ${timeout}; it goes on.\n  Watch it with "fairlead rollouts watch ${id}".\n`,
    );
    return context.terminal.setExitCode(exitCodes.timedOut);
  }
  if (rollout !== null && rollout.state !== 'succeeded') context.terminal.setExitCode(exitCodes.failed);
}

async function explainHold(context: CommandContext<unknown>, { rollout }: RolloutView): Promise<void> {
  const path = { group: rollout.group };
  const group = await answer(context.client.GET('/v1/groups/{group}', { params: { path } }));
  if (group.hold === null) return;
  const { paint } = context.terminal;
  const held = group.hold.release === null ? 'what it had' : `release ${group.hold.release}`;
  const where = [...new Set(group.quarantine.map((entry) => entry.cluster))].join(', ');
  const why =
    where === ''
      ? group.hold.reason
      : `what failed on ${where} is quarantined; commits that still contain it do not start, the first one without it does.`;
  context.printer.remark(`${paint.yellow(`Held on ${held}:`)} ${why}`);
  context.printer.remark(
    `Release it with: fairlead groups unquarantine ${rollout.group} ${short(rollout.release.commit)} --reason "…"`,
  );
}
