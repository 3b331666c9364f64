import { formatAge } from '@fairlead/shared/kernel';
import { checkAt, moveTarget, type Draft } from './draft.ts';
import type { ClusterConnection, Health, TargetReport } from './observations.ts';
import { targetKey, type Target } from './rollout.types.ts';

/** Why a target that was just assigned is not further. */
export const notConfirmed = 'the agent has not confirmed it yet';

/** Assigned, not done. */
export function isBegun(target: Target): boolean {
  return (
    target.state === 'assigned' ||
    target.state === 'received' ||
    target.state === 'applied' ||
    target.state === 'healthy'
  );
}

/** The report about exactly this digest under exactly this counter; anything else counts for nothing. */
export function matchingReport(draft: Draft, target: Target, digest: string): TargetReport | null {
  const report = draft.world.reports.get(targetKey(target));
  return report && report.counter === target.counter && report.digest === digest ? report : null;
}

/** Health as its live session says it. Silence, and what an earlier session said, is `unknown`: never ready, never failed. */
function freshHealth(draft: Draft, target: Target, report: TargetReport | null): Health {
  const cluster = draft.world.clusters.get(target.clusterId);
  if (!report || !cluster?.live || report.epoch !== cluster.epoch) return 'unknown';
  return report.health;
}

/** Health that gates may build on: of exactly this content, applied completely. Anything less is `unknown`. */
export function provenHealth(draft: Draft, target: Target): Health {
  const report = matchingReport(draft, target, target.digest);
  return report?.phase === 'applied' ? freshHealth(draft, target, report) : 'unknown';
}

/** Takes in what agents said about every target. */
export function observeTargets(draft: Draft): void {
  for (const target of draft.rollout.targets) {
    if (draft.world.clusters.get(target.clusterId)?.removed !== false)
      moveTarget(draft, target, 'leave', 'cluster removed');
    else observeTarget(draft, target);
  }
}

/** Takes in what the agent said about one target. */
export function observeTarget(draft: Draft, target: Target): void {
  if (target.state === 'rollingBack') observeWayBack(draft, target);
  else if (isBegun(target)) observeWay(draft, target);
  else if (target.state === 'done') observeDone(draft, target);
}

function observeWay(draft: Draft, target: Target): void {
  const report = matchingReport(draft, target, target.digest);
  if (!report) {
    target.reason = notConfirmed;
    return;
  }
  target.receivedAt ??= report.receivedAt;
  if (target.state === 'assigned') moveTarget(draft, target, 'receive');
  const health = freshHealth(draft, target, report);
  const broken = brokenBecause(report, health);
  if (broken !== null) {
    failTarget(draft, target, broken);
    return;
  }
  if (report.phase === 'applied') {
    if (target.state === 'received') moveTarget(draft, target, 'apply');
    if (health === 'healthy' && moveTarget(draft, target, 'becomeHealthy')) moveTarget(draft, target, 'finish');
  }
  target.reason = isBegun(target) ? waitingFor(report, health) : null;
}

function observeDone(draft: Draft, target: Target): void {
  const report = matchingReport(draft, target, target.digest);
  const health = freshHealth(draft, target, report);
  if (health === 'healthy' || health === 'unknown') {
    target.unhealthySince = null;
    return;
  }
  target.unhealthySince ??= draft.now;
  const broken = report && brokenBecause(report, health);
  if (broken) failTarget(draft, target, broken);
}

function observeWayBack(draft: Draft, target: Target): void {
  if (target.previousDigest === null) return;
  const report = matchingReport(draft, target, target.previousDigest);
  if (!report) return;
  target.receivedAt ??= report.receivedAt;
  const health = freshHealth(draft, target, report);
  const broken = brokenBecause(report, health);
  if (broken !== null) moveTarget(draft, target, 'stuck', broken);
  else if (report.phase === 'applied' && health === 'healthy') moveTarget(draft, target, 'restored', target.failure);
  else target.reason = waitingFor(report, health);
}

function brokenBecause(report: TargetReport, health: Health): string | null {
  if (report.phase === 'failed' && report.permanent) return `apply failed: ${whatFails(report)}`;
  if (health === 'failed') return `not healthy: ${whatFails(report)}`;
  return null;
}

function waitingFor(report: TargetReport, health: Health): string {
  if (report.phase === 'failed') return `apply fails and is tried again: ${whatFails(report)}`;
  if (report.phase === 'received') return 'being applied';
  if (report.phase === 'deleted') return 'deleted from the cluster';
  return health === 'unknown' ? 'applied; its health is unknown' : `applied; ${health}: ${whatFails(report)}`;
}

function whatFails(report: TargetReport): string {
  const [first] = report.failing;
  if (first) return `${first.object}: ${first.reason}: ${first.message}`;
  return report.message ?? 'the agent named no object';
}

/**
 * Fails a target, unless the rollout paused itself because agents went silent: then nothing counts, and what is still so
 * afterwards counts then.
 */
export function failTarget(draft: Draft, target: Target, failure: string): void {
  const { state, memory } = draft.rollout;
  if (state === 'paused' && memory.pausedBy === 'hub') return;
  if (moveTarget(draft, target, 'fail', failure)) target.failure = failure;
}

/** Fails targets that took too long, as far as their agent was there to be timed. */
export function enforceDeadlines(draft: Draft): void {
  const { progressDeadlineMs, degradedGraceMs } = draft.rollout.strategy;
  for (const target of draft.rollout.targets) {
    const cluster = draft.world.clusters.get(target.clusterId);
    if (!cluster?.live) continue;
    if (target.receivedAt !== null && (isBegun(target) || target.state === 'rollingBack')) {
      const late = (reason: string) => `not healthy ${formatAge(progressDeadlineMs)} after it was received: ${reason}`;
      if (isOver(draft, cluster, target, target.receivedAt + progressDeadlineMs)) {
        const text = late(target.reason ?? 'no report');
        if (target.state === 'rollingBack') moveTarget(draft, target, 'stuck', text);
        else failTarget(draft, target, text);
      }
    } else if (target.state === 'done' && target.unhealthySince !== null) {
      if (isOver(draft, cluster, target, target.unhealthySince + degradedGraceMs)) {
        const report = matchingReport(draft, target, target.digest);
        const what = report ? whatFails(report) : 'no report';
        failTarget(draft, target, `unhealthy for longer than ${formatAge(degradedGraceMs)}: ${what}`);
      }
    }
  }
}

/**
 * Whether a deadline has passed. Time counts only while this session is live, and not before this hub has heard the agent
 * say something about the target or has had it connected for three heartbeats: an outage of the hub is nobody's failure.
 */
function isOver(draft: Draft, cluster: ClusterConnection, target: Target, deadline: number): boolean {
  const { hubStartedAt, clockJumpedAt, heartbeatMs, reports } = draft.world;
  const heardFrom = Math.max(cluster.since, hubStartedAt, clockJumpedAt ?? hubStartedAt);
  const lengthMs =
    target.state === 'done' ? draft.rollout.strategy.degradedGraceMs : draft.rollout.strategy.progressDeadlineMs;
  let at = Math.max(deadline, heardFrom + lengthMs);
  const report = reports.get(targetKey(target));
  const isFresh = report?.epoch === cluster.epoch && report.reportedAt >= heardFrom;
  if (!isFresh) at = Math.max(at, heardFrom + 3 * heartbeatMs);
  if (draft.now >= at) return true;
  checkAt(draft, at);
  return false;
}
