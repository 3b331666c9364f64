import type { EventEffect } from './rollout.effects.ts';
import { targetKey, type Rollout } from './rollout.types.ts';

/** One event for everything that is in another state, or stays there for another reason, than before. */
export function changeEvents(before: Rollout, after: Rollout): EventEffect[] {
  const events: EventEffect[] = [];
  const targets = new Map(before.targets.map((target) => [targetKey(target), target]));
  for (const target of after.targets) {
    const old = targets.get(targetKey(target));
    if (old?.state === target.state && old.reason === target.reason) continue;
    const { app, cluster, state, reason, counter, digest, wave } = target;
    events.push({ type: 'event', event: 'target', payload: { app, cluster, wave, state, reason, counter, digest } });
  }
  const waves = new Map(before.waves.map((wave) => [wave.ordinal, wave]));
  for (const { ordinal, name, state, reason } of after.waves) {
    const old = waves.get(ordinal);
    if (old?.state === state && old.reason === reason) continue;
    events.push({ type: 'event', event: 'wave', payload: { ordinal, name, state, reason } });
  }
  if (before.state !== after.state || before.reason !== after.reason) {
    const { state, reason, group, releaseId } = after;
    events.push({ type: 'event', event: 'rollout', payload: { group, releaseId, state, reason } });
  }
  return events;
}
