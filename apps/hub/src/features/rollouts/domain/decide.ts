import { applyOfflinePolicy, watchConnectivity } from './connectivity.ts';
import { failOpenWaves, moveRollout, moveTarget, openDraft, record, type Draft } from './draft.ts';
import { budgetExceeded } from './failure-budget.ts';
import { joinMembers } from './membership.ts';
import { changeEvents } from './change-events.ts';
import type { Observations } from './observations.ts';
import { enforceDeadlines, isBegun, observeTargets } from './progress.ts';
import { advanceRollback, beginRollback } from './rollback.ts';
import type { Effect } from './rollout.effects.ts';
import { isTerminal } from './rollout.machine.ts';
import type { Rollout } from './rollout.types.ts';
import { advanceWaves } from './waves.ts';

export interface Decision {
  readonly next: Rollout;
  readonly effects: readonly Effect[];
}

/**
 * What happens next in a rollout, given what is known at `now`. Pure: the same arguments give the same decision, and
 * deciding again without news changes nothing. A rollout in a terminal state is returned as it is.
 */
export function decide(rollout: Rollout, world: Observations, now: number): Decision {
  if (isTerminal(rollout.state) || rollout.state === 'planned' || rollout.state === 'awaitingStart') {
    return { next: rollout, effects: [] };
  }
  const draft = openDraft(rollout, world, now);
  if (rollout.state === 'running' || rollout.state === 'paused') joinMembers(draft);
  const isHearing = watchConnectivity(draft);
  observeTargets(draft);
  if (isHearing) {
    if (draft.rollout.state !== 'rollingBack') applyOfflinePolicy(draft);
    enforceDeadlines(draft);
  }
  advance(draft);
  return close(rollout, draft);
}

function advance(draft: Draft): void {
  const { rollout, world } = draft;
  if (rollout.state === 'running' && world.successor !== null && budgetExceeded(draft) === null) {
    moveRollout(draft, 'supersede', `${world.successor} takes over once what is in flight has finished`);
    record(draft, 'rollout.supersede', rollout.reason);
  }
  if (rollout.state === 'running') {
    const isThrough = advanceWaves(draft);
    reactToFailures(draft);
    if (isThrough && rollout.state === 'running' && moveRollout(draft, 'allPassed')) {
      record(draft, 'rollout.succeed', null);
    }
  } else if (rollout.state === 'superseding') {
    reactToFailures(draft);
    if (rollout.state === 'superseding') drain(draft);
  }
  if (rollout.state === 'rollingBack') advanceRollback(draft);
  if (rollout.state === 'running') explainRunning(draft);
}

function reactToFailures(draft: Draft): void {
  const { rollout } = draft;
  const excess = budgetExceeded(draft);
  if (excess === null) return;
  // What a person went back to is not left again by itself: there is nothing better to go to.
  if (rollout.strategy.onFailure === 'rollback' && rollout.kind === 'rollout') {
    beginRollback(draft, { reason: excess, by: null });
    return;
  }
  failOpenWaves(draft, excess);
  if (moveRollout(draft, 'halt', excess)) record(draft, 'rollout.halt', excess);
}

/** Waiting for what is in flight, and for nothing else. */
function drain(draft: Draft): void {
  if (draft.rollout.targets.some(isBegun)) return;
  for (const target of draft.rollout.targets) {
    if (target.state === 'pending' || target.state === 'offline') moveTarget(draft, target, 'leaveAlone');
  }
  if (moveRollout(draft, 'drained')) record(draft, 'rollout.superseded', null);
}

function explainRunning(draft: Draft): void {
  const { rollout } = draft;
  const open = rollout.waves.find((wave) => wave.state !== 'passed' && wave.state !== 'skipped');
  const reason = open
    ? `wave ${open.name}: ${open.reason ?? open.state}`
    : 'waiting for clusters that joined or came back';
  if (rollout.reason === reason) return;
  rollout.reason = reason;
  rollout.since = draft.now;
}

/** Ends a draft: what changed becomes events, and the soonest instant to look again is named. */
export function close(before: Rollout, draft: Draft): Decision {
  const effects: Effect[] = [...draft.effects, ...changeEvents(before, draft.rollout)];
  const later = draft.checks.filter((at) => at > draft.now);
  if (!isTerminal(draft.rollout.state) && later.length > 0) effects.push({ type: 'checkAt', at: Math.min(...later) });
  return { next: draft.rollout, effects };
}
