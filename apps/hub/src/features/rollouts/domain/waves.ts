import { inFlightLimit } from './amounts.ts';
import {
  clustersOf,
  isInFlight,
  isRequired,
  namesOf,
  readiness,
  standingOf,
  takesRoom,
  type ClusterView,
} from './clusters-of-wave.ts';
import { isLive, isOffline } from './connectivity.ts';
import { assign, checkAt, explainWave, moveTarget, moveWave, type Draft } from './draft.ts';
import { budgetExceeded } from './failure-budget.ts';
import { failTarget, matchingReport, notConfirmed, observeTarget, provenHealth } from './progress.ts';
import { targetKey, type Target, type Wave } from './rollout.types.ts';

/**
 * Goes through the waves in order and assigns what may be assigned. Stops at the first wave whose gates do not hold, or as
 * soon as a budget is exceeded. True when every wave is behind it and nothing is on its way any more.
 */
export function advanceWaves(draft: Draft): boolean {
  for (const wave of draft.rollout.waves) {
    if (wave.state === 'pending') moveWave(draft, wave, 'open');
    assignWithin(draft, wave);
    if (budgetExceeded(draft) !== null) return false;
    if (!isPast(wave) && !settle(draft, wave)) return false;
  }
  return clustersOf(draft).every(isSettled);
}

function isPast(wave: Wave): boolean {
  return wave.state === 'passed' || wave.state === 'skipped';
}

function isSettled(view: ClusterView): boolean {
  const standing = standingOf(view);
  return standing !== 'pending' && standing !== 'inFlight' && !takesRoom(view);
}

/** Assigns to clusters of the wave, by name, while there is room. */
function assignWithin(draft: Draft, wave: Wave): void {
  const views = clustersOf(draft, wave.ordinal);
  const amount = strategyOf(draft, wave)?.maxInFlight ?? draft.rollout.strategy.maxInFlight;
  const limit = inFlightLimit(amount, views.filter(isRequired).length);
  let busy = clustersOf(draft).filter(takesRoom).length;
  for (const view of views) {
    const standing = standingOf(view);
    if ((standing !== 'pending' && standing !== 'inFlight') || !isLive(draft, view.clusterId)) continue;
    const others = busy - Number(takesRoom(view));
    // What is in flight already goes on, also when a cluster that came back made it one too many: waiting for each other
    // they would all stand still.
    advanceCluster(draft, view, standing === 'inFlight' || others < limit);
    busy = others + Number(takesRoom(view));
  }
}

function strategyOf(draft: Draft, wave: Wave) {
  return draft.rollout.strategy.waves.find((candidate) => candidate.name === wave.name);
}

/** Gives a cluster the apps whose turn it is; without room only those that already run what is wanted. */
function advanceCluster(draft: Draft, view: ClusterView, hasRoom: boolean): void {
  for (const { app } of draft.rollout.apps) {
    const target = view.targets.find((candidate) => candidate.app === app);
    if (target?.state !== 'pending') continue;
    if (view.targets.some((other) => other.state === 'failed')) return;
    const waitsFor = unmetDependency(draft, view, app);
    if (waitsFor !== null) {
      target.reason = `waits for ${waitsFor}`;
      continue;
    }
    if (adopt(draft, target, hasRoom)) continue;
    if (hasRoom) touch(draft, target);
  }
}

function unmetDependency(draft: Draft, view: ClusterView, app: string): string | null {
  const dependsOn = draft.rollout.apps.find((candidate) => candidate.app === app)?.dependsOn ?? [];
  for (const { app: name, condition } of dependsOn) {
    const needed = view.targets.find((candidate) => candidate.app === name);
    if (!needed || needed.state === 'left') continue;
    const isHealthy = needed.state === 'done' && provenHealth(draft, needed) === 'healthy';
    const isApplied = needed.state === 'applied' || needed.state === 'healthy' || needed.state === 'done';
    if (condition === 'applied' ? !isApplied : !isHealthy) return `${name} to be ${condition}`;
  }
  return null;
}

/** Takes over a target that is assigned exactly this content already: no new assignment, but the same gates. */
function adopt(draft: Draft, target: Target, hasRoom: boolean): boolean {
  const current = draft.assignments.get(targetKey(target));
  const isWanted = current?.digest === target.digest && current.mode === 'reconcile' && current.settingsMatch;
  const isOrdered = target.touched && target.counter === null;
  if (!current || !isWanted || isOrdered) return false;
  const adopted = { ...target, counter: current.counter };
  const report = matchingReport(draft, adopted, target.digest);
  const isReady = provenHealth(draft, adopted) === 'healthy';
  if (!isReady && !hasRoom) return true;
  if (!target.touched) {
    target.previousDigest = current.digest;
    target.previousReleaseId = current.releaseId;
  }
  target.counter = current.counter;
  // Its deadline runs from here, not from when it was first received, which may be weeks ago.
  target.receivedAt = report ? draft.now : null;
  moveTarget(draft, target, 'assign');
  observeTarget(draft, target);
  return true;
}

function touch(draft: Draft, target: Target): void {
  const key = targetKey(target);
  if (draft.world.quarantined.has(`${key}@${target.digest}`)) {
    failTarget(draft, target, 'this content is quarantined here');
    return;
  }
  const current = draft.assignments.get(key);
  if (!target.touched) {
    // What is frozen failed: there is nothing in it to go back to.
    const isUsable = current?.mode === 'reconcile';
    target.previousDigest = isUsable ? current.digest : null;
    target.previousReleaseId = isUsable ? current.releaseId : null;
  }
  target.touched = true;
  assign(draft, target, { digest: target.digest, releaseId: draft.rollout.releaseId, mode: 'reconcile' });
  moveTarget(draft, target, 'assign', notConfirmed);
}

/** True when the gates of the wave hold; otherwise it says what is missing. */
function settle(draft: Draft, wave: Wave): boolean {
  const views = clustersOf(draft, wave.ordinal);
  const required = views.filter((view) => isRequired(view) && standingOf(view) !== 'failed');
  if (required.length === 0) return settleWithoutClusters(draft, wave, views);
  const open = required.filter((view) => standingOf(view) !== 'done');
  if (open.length > 0) {
    moveWave(draft, wave, 'disturb');
    if (wave.state === 'blocked') moveWave(draft, wave, 'open');
    explainWave(draft, wave, waitText(draft, required, open));
    return false;
  }
  return soak(draft, wave, required);
}

function waitText(draft: Draft, required: ClusterView[], open: ClusterView[]): string {
  const silent = open.filter((view) => !isLive(draft, view.clusterId));
  const count = `${required.length - open.length} of ${required.length} clusters done`;
  if (silent.length > 0) return `${count}; ${namesOf(silent)} silent`;
  const flying = open.filter(isInFlight);
  const detail = flying.flatMap((view) => view.targets).find((target) => target.reason !== null);
  const why = detail ? `: ${detail.app} on ${detail.cluster}: ${detail.reason}` : '';
  return `${count}; waiting for ${namesOf(flying.length > 0 ? flying : open)}${why}`;
}

function soak(draft: Draft, wave: Wave, required: ClusterView[]): boolean {
  const unhealthy = required.filter((view) => readiness(draft, view) === 'unhealthy');
  if (unhealthy.length > 0) {
    moveWave(draft, wave, 'disturb');
    explainWave(draft, wave, `${namesOf(unhealthy)} not healthy any more`);
    return false;
  }
  const unknown = required.filter((view) => readiness(draft, view) === 'unknown');
  const soakMs = isSoaked(draft, wave) ? 0 : (strategyOf(draft, wave)?.soakMs ?? 0);
  const { clockJumpedAt } = draft.world;
  // After a jump of the clock, either way, nobody can tell how long it has soaked: it soaks anew.
  const startedAt = wave.soakStartedAt;
  const isVoid = startedAt !== null && (startedAt > draft.now || (clockJumpedAt ?? startedAt) > startedAt);
  if (wave.state !== 'soaking' && (soakMs > 0 || unknown.length > 0)) {
    if (wave.state === 'blocked') moveWave(draft, wave, 'open');
    moveWave(draft, wave, 'soak');
    wave.soakStartedAt = draft.now;
  } else if (isVoid) {
    wave.soakStartedAt = draft.now;
  }
  if (unknown.length > 0) {
    explainWave(draft, wave, `health of ${namesOf(unknown)} is unknown`);
    return false;
  }
  const until = (wave.soakStartedAt ?? draft.now) + soakMs;
  if (draft.now < until) {
    explainWave(draft, wave, `${required.length} of ${required.length} clusters done; soaking`);
    checkAt(draft, until);
    return false;
  }
  if (wave.state === 'blocked') moveWave(draft, wave, 'open');
  return moveWave(draft, wave, 'pass');
}

/** Nothing in it changes, and what it runs went through its gates in a rollout that succeeded: nothing is left to soak. */
function isSoaked(draft: Draft, wave: Wave): boolean {
  const { baseReleaseId } = draft.rollout.memory;
  return draft.rollout.targets.every(
    (target) =>
      target.wave !== wave.ordinal ||
      target.state === 'left' ||
      (!target.touched &&
        baseReleaseId !== null &&
        target.previousReleaseId !== null &&
        target.previousReleaseId <= baseReleaseId),
  );
}

/**
 * A wave that nobody took part in is no evidence. It is skipped when the policy says so, when an earlier wave was evidence
 * enough, or when there is nobody behind it to protect; otherwise it waits for one of its clusters.
 */
function settleWithoutClusters(draft: Draft, wave: Wave, views: ClusterView[]): boolean {
  const isLeft = views.every((view) => standingOf(view) === 'left');
  const hasEvidence = draft.rollout.targets.some((target) => target.touched && target.state === 'done');
  const hasOthers = draft.rollout.targets.some(
    (target) => target.wave > wave.ordinal && target.state === 'pending' && !isOffline(draft, target.clusterId),
  );
  if (isLeft || hasEvidence || !hasOthers || draft.rollout.strategy.offline.policy === 'skip') {
    const failed = views.filter((view) => standingOf(view) === 'failed');
    if (wave.state === 'blocked') moveWave(draft, wave, 'open');
    return failed.length > 0
      ? moveWave(draft, wave, 'pass', `${namesOf(failed)} failed, within the budget`)
      : moveWave(draft, wave, 'skip', isLeft ? 'its clusters left' : `${namesOf(views)} offline`);
  }
  const failed = views.filter((view) => standingOf(view) === 'failed');
  const lack = failed.length > 0 ? `${namesOf(failed)} failed` : `${namesOf(views)} offline`;
  const reason = `${lack}, and no other cluster has proved this release yet`;
  if (!moveWave(draft, wave, 'block', reason)) explainWave(draft, wave, reason);
  return false;
}
