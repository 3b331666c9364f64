import type { CurrentAssignment, Observations } from './observations.ts';
import type { Effect } from './rollout.effects.ts';
import {
  nextRolloutState,
  nextTargetState,
  nextWaveState,
  type RolloutEvent,
  type TargetEvent,
  type WaveEvent,
} from './rollout.machine.ts';
import { targetKey, type Rollout, type Target, type TargetKey, type Wave } from './rollout.types.ts';

/** A decision in the making: a copy of the rollout that may be changed, and the effects collected so far. */
export interface Draft {
  readonly rollout: Rollout;
  readonly world: Observations;
  readonly now: number;
  readonly effects: Effect[];
  /** Instants at which something must be looked at again. */
  readonly checks: number[];
  /** As observed, plus what this decision assigned. */
  readonly assignments: Map<TargetKey, CurrentAssignment>;
}

/** Copies a rollout for a decision; the original is never changed. */
export function openDraft(rollout: Rollout, world: Observations, now: number): Draft {
  return {
    rollout: {
      ...rollout,
      waves: rollout.waves.map((wave) => ({ ...wave })),
      targets: rollout.targets.map((target) => ({ ...target })),
      memory: { ...rollout.memory, acceptedFailures: [...rollout.memory.acceptedFailures] },
    },
    world,
    now,
    effects: [],
    checks: [],
    assignments: new Map(world.assignments),
  };
}

/** Moves a target if the table lets it; false when the event changes nothing there. */
export function moveTarget(draft: Draft, target: Target, event: TargetEvent, reason: string | null = null): boolean {
  const next = nextTargetState(target.state, event);
  if (next === null) return false;
  if (next !== target.state) target.since = draft.now;
  target.state = next;
  target.reason = reason;
  return true;
}

/** Moves a wave if the table lets it. */
export function moveWave(draft: Draft, wave: Wave, event: WaveEvent, reason: string | null = null): boolean {
  const next = nextWaveState(wave.state, event);
  if (next === null) return false;
  wave.state = next;
  wave.since = draft.now;
  wave.reason = reason;
  if (next !== 'soaking') wave.soakStartedAt = null;
  return true;
}

/** Moves the rollout if the table lets it. */
export function moveRollout(draft: Draft, event: RolloutEvent, reason: string | null = null): boolean {
  const { rollout } = draft;
  const next = nextRolloutState(rollout.state, event);
  if (next === null) return false;
  rollout.state = next;
  rollout.since = draft.now;
  rollout.reason = reason;
  return true;
}

/** Marks the waves that were under way as failed; those before keep that they passed, those behind that they never began. */
export function failOpenWaves(draft: Draft, reason: string): void {
  for (const wave of draft.rollout.waves) {
    if (wave.state !== 'pending' && wave.state !== 'passed' && wave.state !== 'skipped') {
      moveWave(draft, wave, 'fail', reason);
    }
  }
}

/** Says why something stays as it is; `since` is when it began to be so. */
export function explainWave(draft: Draft, wave: Wave, reason: string): void {
  if (wave.reason === reason) return;
  wave.reason = reason;
  wave.since = draft.now;
}

/**
 * Assigns content to a target under the next counter. Everything reported for an earlier counter counts for nothing from
 * here on.
 */
export function assign(
  draft: Draft,
  target: Target,
  wanted: { digest: string; releaseId: number; mode: 'reconcile' | 'frozen' },
): void {
  const key = targetKey(target);
  const counter = (draft.assignments.get(key)?.counter ?? 0) + 1;
  draft.assignments.set(key, { ...wanted, counter, settingsMatch: wanted.releaseId === draft.rollout.releaseId });
  const { appId, clusterId, app, cluster } = target;
  draft.effects.push({ type: 'assign', appId, clusterId, app, cluster, ...wanted, counter });
  target.counter = counter;
  target.receivedAt = null;
  target.unhealthySince = null;
}

/** Wants another look at `at`. */
export function checkAt(draft: Draft, at: number): void {
  draft.checks.push(at);
}

/** Writes who decided what. */
export function record(draft: Draft, action: string, reason: string | null, actor = 'hub'): void {
  draft.effects.push({ type: 'ledger', actor, action, reason });
}
