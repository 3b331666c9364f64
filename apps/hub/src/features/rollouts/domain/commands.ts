import { clustersOf, standingOf } from './clusters-of-wave.ts';
import { close, type Decision } from './decide.ts';
import { moveRollout, moveTarget, moveWave, openDraft, record, type Draft } from './draft.ts';
import type { Observations } from './observations.ts';
import { beginRollback, heldRelease } from './rollback.ts';
import { nextRolloutState } from './rollout.machine.ts';
import type { Rollout } from './rollout.types.ts';

export type CommandName = 'start' | 'pause' | 'resume' | 'cancel' | 'rollback' | 'retry';

/** What a person (or a robot with a role) wants, and why. */
export interface Command {
  readonly name: CommandName;
  readonly by: string;
  readonly reason: string;
}

export type CommandResult = ({ readonly ok: true } & Decision) | { readonly ok: false; readonly refusal: string };

const eventOf = {
  start: 'start',
  pause: 'pause',
  resume: 'resume',
  cancel: 'cancel',
  rollback: 'rollBack',
  retry: 'retry',
} as const;

/** Carries out a command, or says why it does not fit the state. `decide` does what follows from it. */
export function applyCommand(rollout: Rollout, command: Command, world: Observations, now: number): CommandResult {
  if (nextRolloutState(rollout.state, eventOf[command.name]) === null) {
    return { ok: false, refusal: `a rollout that is ${rollout.state} cannot ${command.name}` };
  }
  const draft = openDraft(rollout, world, now);
  if (!carryOut(draft, command)) return { ok: false, refusal: 'nothing in it can be tried again' };
  if (command.name !== 'rollback') record(draft, `rollout.${command.name}`, command.reason, command.by);
  return { ok: true, ...close(rollout, draft) };
}

function carryOut(draft: Draft, command: Command): boolean {
  const said = `by ${command.by}: ${command.reason}`;
  const { memory } = draft.rollout;
  switch (command.name) {
    case 'start':
      moveRollout(draft, 'start');
      memory.silenceAcceptedAt = draft.now;
      return true;
    case 'pause':
      moveRollout(draft, 'pause', `paused ${said}`);
      memory.pausedBy = 'person';
      return true;
    case 'resume':
      if (draft.rollout.state === 'halted') acceptFailures(draft);
      moveRollout(draft, 'resume');
      memory.pausedBy = null;
      memory.silenceAcceptedAt = draft.now;
      return true;
    case 'cancel':
      cancel(draft, `cancelled ${said}`, command.by);
      return true;
    case 'rollback':
      beginRollback(draft, { reason: `rolled back ${said}`, by: command.by });
      return true;
    case 'retry':
      return retry(draft);
  }
}

function acceptFailures(draft: Draft): void {
  const failed = clustersOf(draft).filter((view) => standingOf(view) === 'failed');
  draft.rollout.memory.acceptedFailures = failed.map((view) => view.clusterId);
  reopenWaves(draft);
}

function reopenWaves(draft: Draft): void {
  for (const wave of draft.rollout.waves) if (wave.state === 'failed') moveWave(draft, wave, 'open');
}

/** No new assignments; targets keep what they were last assigned, mixed as that may be, and the group is held. */
function cancel(draft: Draft, reason: string, by: string): void {
  const wasStarted = draft.rollout.state !== 'planned' && draft.rollout.state !== 'awaitingStart';
  for (const target of draft.rollout.targets) {
    if (target.state === 'pending' || (target.state === 'offline' && !target.touched))
      moveTarget(draft, target, 'leaveAlone');
  }
  moveRollout(draft, 'cancel', wasStarted ? `${reason}; its clusters are left as they are` : reason);
  draft.effects.push({ type: 'hold', releaseId: heldRelease(draft), reason, policy: 'untilReleased', by });
}

/** Failed targets are assigned once more, under a new counter; targets that could not go back try to go back again. */
function retry(draft: Draft): boolean {
  const { rollout } = draft;
  if (rollout.state === 'rollbackFailed') {
    const stuck = rollout.targets.filter((target) => target.state === 'rollbackFailed');
    for (const target of stuck) moveTarget(draft, target, 'retry', target.failure);
    return stuck.length > 0 && moveRollout(draft, 'retry', rollout.reason);
  }
  const failed = rollout.targets.filter((target) => target.state === 'failed' && !target.frozen);
  for (const target of failed) {
    moveTarget(draft, target, 'retry');
    target.failure = null;
    // Forgets the counter so that it is assigned anew instead of being taken over as it is.
    target.counter = null;
    target.receivedAt = null;
    target.unhealthySince = null;
  }
  reopenWaves(draft);
  return failed.length > 0 && moveRollout(draft, 'retry');
}

/** A rollout that has not started is given up because a newer release is there. */
export function giveUpWaiting(rollout: Rollout, now: number): Decision {
  const draft = openDraft(rollout, nothingObserved, now);
  for (const target of draft.rollout.targets) moveTarget(draft, target, 'leaveAlone');
  if (moveRollout(draft, 'drained', 'a newer release came before it started')) {
    record(draft, 'rollout.superseded', draft.rollout.reason);
  }
  return close(rollout, draft);
}

const nothingObserved: Observations = {
  clusters: new Map(),
  reports: new Map(),
  assignments: new Map(),
  members: [],
  quarantined: new Set(),
  hubStartedAt: 0,
  clockJumpedAt: null,
  heartbeatMs: 0,
  successor: null,
};
