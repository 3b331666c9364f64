import { inFlightLimit } from './amounts.ts';
import { namesOf } from './clusters-of-wave.ts';
import { isLive, isOffline, offlineAt } from './connectivity.ts';
import { assign, checkAt, failOpenWaves, moveRollout, moveTarget, record, type Draft } from './draft.ts';
import { notConfirmed } from './progress.ts';
import { targetKey, type Target } from './rollout.types.ts';

const nothingToGoBackTo = 'failed, nothing to go back to';

/**
 * Turns round: what failed is quarantined, the group is held on what it had, targets that were not touched are left alone.
 * A person's rollback is held until a person releases it, because nothing tells when the reason for it is gone.
 */
export function beginRollback(draft: Draft, cause: { reason: string; by: string | null }): void {
  const { rollout } = draft;
  if (!moveRollout(draft, 'rollBack', cause.reason)) return;
  rollout.memory.pausedBy = null;
  rollout.memory.rollbackCause = cause.reason;
  record(draft, 'rollout.rollback', cause.reason, cause.by ?? 'hub');
  failOpenWaves(draft, cause.reason);
  for (const target of rollout.targets) {
    if (target.state === 'failed' && target.touched && target.digest !== target.previousDigest) {
      const { appId, clusterId, app, cluster, digest } = target;
      draft.effects.push({ type: 'quarantine', appId, clusterId, app, cluster, digest });
    }
    if (!target.touched && target.state !== 'failed' && target.state !== 'done')
      moveTarget(draft, target, 'leaveAlone');
  }
  draft.effects.push({
    type: 'hold',
    releaseId: heldRelease(draft),
    reason: cause.reason,
    policy: cause.by === null ? rollout.strategy.hold : 'untilReleased',
    by: cause.by ?? 'hub',
  });
}

/** What the group is held on: what it last reached as a whole, otherwise the newest of what its targets had. */
export function heldRelease(draft: Draft): number | null {
  const { memory, targets } = draft.rollout;
  if (memory.baseReleaseId !== null) return memory.baseReleaseId;
  return targets.reduce<number | null>((newest, { previousReleaseId: id }) => {
    return id !== null && (newest === null || id > newest) ? id : newest;
  }, null);
}

/**
 * Points touched targets at what they had, dependents before what they depend on, within `maxInFlight`. Ends when each of
 * them is verified to be back, or cannot go back.
 */
export function advanceRollback(draft: Draft): void {
  const { rollout } = draft;
  const touched = rollout.targets.filter((target) => target.touched);
  const clusters = [...Map.groupBy(touched, (target) => target.clusterId)];
  const limit = inFlightLimit(rollout.strategy.maxInFlight, clusters.length);
  clusters.sort(([, left], [, right]) => ((left[0]?.cluster ?? '') < (right[0]?.cluster ?? '') ? -1 : 1));
  for (const target of touched) if (target.state === 'rollingBack') judgeSilent(draft, target);
  for (const [clusterId, targets] of clusters) {
    const others = clusters.filter(([id, list]) => id !== clusterId && isLive(draft, id) && list.some(isGoingBack));
    // A silent cluster takes no room: it finds its way back written down when it returns.
    if (others.length < limit || !isLive(draft, clusterId)) sendBack(draft, targets);
  }
  if (touched.every((target) => hasSettled(target))) finish(draft, touched);
  else rollout.reason = waitText(draft, touched);
}

function isGoingBack(target: Target): boolean {
  return target.state === 'rollingBack';
}

/** Nothing more happens to it in this rollback. */
function hasSettled(target: Target): boolean {
  if (target.state === 'rolledBack' || target.state === 'rollbackFailed' || target.state === 'left') return true;
  return target.frozen || isKept(target);
}

/** New here and well: there is nothing to go back to and nothing wrong with it. */
function isKept(target: Target): boolean {
  return target.state === 'done' && target.unhealthySince === null && target.previousDigest === null;
}

function sendBack(draft: Draft, targets: Target[]): void {
  const order = draft.rollout.apps.map((app) => app.app).reverse();
  for (const app of order) {
    const target = targets.find((candidate) => candidate.app === app);
    if (!target || hasSettled(target) || isGoingBack(target)) continue;
    if (targets.some((other) => dependsOn(draft, other, app) && !hasSettled(other))) continue;
    sendTargetBack(draft, target);
  }
}

function dependsOn(draft: Draft, target: Target, app: string): boolean {
  const entry = draft.rollout.apps.find((candidate) => candidate.app === target.app);
  return entry?.dependsOn.some((dependency) => dependency.app === app) ?? false;
}

function sendTargetBack(draft: Draft, target: Target): void {
  const { previousDigest, previousReleaseId } = target;
  const isBarred = draft.world.quarantined.has(`${targetKey(target)}@${previousDigest ?? ''}`);
  if (previousDigest === null || previousReleaseId === null || isBarred) {
    // Never deleted: it stays as it is, and nothing more is applied to it.
    assign(draft, target, { digest: target.digest, releaseId: draft.rollout.releaseId, mode: 'frozen' });
    target.frozen = true;
    moveTarget(draft, target, 'freeze', nothingToGoBackTo);
    return;
  }
  assign(draft, target, { digest: previousDigest, releaseId: previousReleaseId, mode: 'reconcile' });
  moveTarget(draft, target, 'rollBack', notConfirmed);
}

/** An unreachable cluster goes back when it returns; the rollback does not wait for that for ever. */
function judgeSilent(draft: Draft, target: Target): void {
  const cluster = draft.world.clusters.get(target.clusterId);
  if (!cluster || cluster.live) return;
  const until = offlineAt(draft, cluster) + draft.rollout.strategy.offline.waitMs;
  if (isOffline(draft, target.clusterId) && draft.now >= until) {
    moveTarget(draft, target, 'stuck', 'offline; it goes back when it returns');
  } else {
    checkAt(draft, until);
  }
}

function finish(draft: Draft, touched: readonly Target[]): void {
  const stuck = touched.filter((target) => target.state === 'rollbackFailed' || target.frozen);
  const cause = draft.rollout.memory.rollbackCause ?? 'rolled back';
  if (stuck.length === 0) {
    moveRollout(draft, 'allBack', cause);
    record(draft, 'rollout.rolled-back', cause);
    return;
  }
  const first = stuck[0];
  const names = namesOf(stuck.map((target) => ({ name: `${target.app} on ${target.cluster}` })));
  const reason = `${cause}; could not go back: ${names} (${first?.reason ?? ''})`;
  moveRollout(draft, 'someStuck', reason);
  record(draft, 'rollout.rollback-failed', reason);
}

// The cause stays in front: it is what people look for, also while targets are on their way back.
function waitText(draft: Draft, touched: readonly Target[]): string {
  const open = touched.filter((target) => !hasSettled(target));
  const names = namesOf(open.map((target) => ({ name: `${target.app} on ${target.cluster}` })));
  return `${draft.rollout.memory.rollbackCause ?? 'rolled back'}; not back yet: ${names}`;
}
