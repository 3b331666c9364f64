import { formatAge } from '@fairlead/shared/kernel';
import { checkAt, moveRollout, moveTarget, record, type Draft } from './draft.ts';
import type { ClusterConnection } from './observations.ts';
import { targetKey, type Target } from './rollout.types.ts';
import { failTarget, isBegun } from './progress.ts';

/** Heartbeats that must be missed before silence means anything. */
export const missedHeartbeats = 3;

const silentShare = 0.2;
const leastSilent = 3;

/** When silence of a cluster begins to count: the hub itself must have been up and able to hear for three heartbeats. */
export function offlineAt(draft: Draft, cluster: ClusterConnection): number {
  const { hubStartedAt, clockJumpedAt, heartbeatMs } = draft.world;
  return Math.max(cluster.since, hubStartedAt, clockJumpedAt ?? hubStartedAt) + missedHeartbeats * heartbeatMs;
}

/** Silent for so long that the offline policy applies. */
export function isOffline(draft: Draft, clusterId: number): boolean {
  const cluster = draft.world.clusters.get(clusterId);
  return cluster !== undefined && !cluster.live && draft.now >= offlineAt(draft, cluster);
}

/** Its session is open: only then may it be assigned anything or be blamed for taking long. */
export function isLive(draft: Draft, clusterId: number): boolean {
  const cluster = draft.world.clusters.get(clusterId);
  return cluster !== undefined && cluster.live && !cluster.removed;
}

/**
 * Many agents that go silent within one heartbeat are the hub's own trouble, not theirs: the rollout pauses itself, counts
 * no failure meanwhile, and goes on when they are back. False while they are silent: then silence must not count.
 */
export function watchConnectivity(draft: Draft): boolean {
  const { rollout, world, now } = draft;
  const settledAt = world.hubStartedAt + world.heartbeatMs;
  if (now < settledAt) {
    checkAt(draft, settledAt);
    return true;
  }
  const silent = silentTogether(draft);
  if (silent > 0 && rollout.state === 'running') {
    moveRollout(draft, 'pause', `hub connectivity: ${silent} agents went silent together`);
    rollout.memory.pausedBy = 'hub';
    record(draft, 'rollout.pause', rollout.reason);
  } else if (silent === 0 && rollout.state === 'paused' && rollout.memory.pausedBy === 'hub') {
    moveRollout(draft, 'resume');
    rollout.memory.pausedBy = null;
    record(draft, 'rollout.resume', 'hub connectivity is back');
  }
  return silent === 0;
}

/** Size of the largest group that went silent within one heartbeat and still is, or 0 when it is too small to mean much. */
function silentTogether(draft: Draft): number {
  const { world, rollout } = draft;
  const connections = [...world.clusters.values()].filter((cluster) => !cluster.removed && cluster.epoch > 0);
  const live = connections.filter((cluster) => cluster.live).length;
  const since = connections
    .filter((cluster) => !cluster.live && cluster.since > rollout.memory.silenceAcceptedAt)
    .map((cluster) => cluster.since)
    .sort((left, right) => left - right);
  let most = 0;
  let from = 0;
  for (const [to, at] of since.entries()) {
    while (at - (since[from] ?? at) > world.heartbeatMs) from += 1;
    most = Math.max(most, to - from + 1);
  }
  return most >= leastSilent && most > silentShare * (live + most) ? most : 0;
}

/** Applies the offline policy, and takes clusters that are back up again. */
export function applyOfflinePolicy(draft: Draft): void {
  for (const target of draft.rollout.targets) {
    const cluster = draft.world.clusters.get(target.clusterId);
    if (!cluster || cluster.removed) continue;
    if (cluster.live) {
      if (target.state === 'offline') moveTarget(draft, target, 'return');
      else if (hasOnlyBeenAway(draft, target) && moveTarget(draft, target, 'retry')) target.failure = null;
    } else if (target.state === 'pending' || isBegun(target) || isStillNeeded(draft, target)) {
      judgeSilent(draft, target, cluster);
    }
  }
}

/** Done, and its wave has not passed yet: its health still decides. Once the wave has passed it has done its part. */
function isStillNeeded(draft: Draft, target: Target): boolean {
  const wave = draft.rollout.waves.find((candidate) => candidate.ordinal === target.wave);
  return target.state === 'done' && wave?.state !== 'passed' && wave?.state !== 'skipped';
}

/** Failed before it was given anything: it was offline for too long, and now it is back. */
function hasOnlyBeenAway(draft: Draft, target: Target): boolean {
  if (target.state !== 'failed' || target.touched || target.counter !== null) return false;
  return !draft.world.quarantined.has(`${targetKey(target)}@${target.digest}`);
}

function judgeSilent(draft: Draft, target: Target, cluster: ClusterConnection): void {
  const { policy, waitMs } = draft.rollout.strategy.offline;
  const from = offlineAt(draft, cluster);
  // What was already handed out may yet be answered, so it is waited for under every policy.
  const patienceMs = target.state === 'pending' && policy !== 'wait' ? 0 : waitMs;
  const until = Math.max(from, from - missedHeartbeats * draft.world.heartbeatMs + patienceMs);
  if (draft.now < until) {
    checkAt(draft, draft.now < from ? from : until);
    if (draft.now >= from) target.reason = `offline; policy ${policy} waits ${formatAge(waitMs)}`;
    return;
  }
  if (policy === 'wait') failTarget(draft, target, `offline for longer than ${formatAge(waitMs)}`);
  else moveTarget(draft, target, 'goOffline', policy === 'skip' ? 'offline: skipped' : 'offline: catches up later');
}
