import type { Notice, ObjectFailure, PodReport, StatusMessage, TargetHealth } from '@fairlead/shared/contracts';
import type { ObjectHealth } from './object-health.ts';

export interface ObjectState {
  readonly key: string;
  readonly health: ObjectHealth;
  /** Not applied yet, so that nothing is known about its health. */
  readonly pending: boolean;
  /** What its Pods said when it failed. */
  readonly pods: readonly PodReport[] | null;
  /** Why the object could not be applied, null when it was. */
  readonly failure: { readonly reason: string; readonly message: string; readonly permanent: boolean } | null;
}

export interface TargetState {
  readonly health: TargetHealth;
  readonly counts: StatusMessage['counts'];
  readonly failing: ObjectFailure[];
  /** What does not hold the target up, but a person should know. */
  readonly notices: Notice[];
}

const mostFailing = 20;
const mostNotices = 20;

/**
 * Rolls objects up to their target. `succeeded`: the target was healthy on this digest before, so what is not well now is
 * `degraded`: it is no longer on its way, and it did not fail to get there.
 */
export function targetHealth(
  objects: Iterable<ObjectState>,
  { applied, succeeded }: { applied: boolean; succeeded: boolean },
): TargetState {
  const counts = { objects: 0, healthy: 0, progressing: 0, failed: 0 };
  const seen = { failed: false, unknown: false, progressing: !applied, suspended: false };
  const failing: { failure: ObjectFailure; weight: number }[] = [];
  const notices: Notice[] = [];
  for (const { key, health, pending, failure, pods } of objects) {
    counts.objects += 1;
    if (health.isAdvisory === true && failure === null && !pending) {
      counts.healthy += 1;
      if (notices.length < mostNotices) notices.push(asNotice(key, health));
      continue;
    }
    if (pending && failure === null) {
      counts.progressing += 1;
      seen.progressing = true;
      continue;
    }
    const isFailed = failure?.permanent === true || health.state === 'failed' || health.state === 'missing';
    if (isFailed) counts.failed += 1;
    else if (failure !== null || health.state === 'progressing' || health.state === 'unknown') counts.progressing += 1;
    else counts.healthy += 1;
    seen.failed ||= isFailed;
    seen.unknown ||= health.state === 'unknown' && failure === null;
    seen.progressing ||= (failure !== null && !failure.permanent) || health.state === 'progressing';
    seen.suspended ||= health.state === 'suspended';
    const trouble = failure ?? (health.state === 'current' || health.state === 'suspended' ? null : health);
    if (trouble === null) continue;
    const { reason, message } = trouble;
    failing.push({
      failure: {
        object: key,
        reason: (reason || 'Unknown').slice(0, 100),
        message: message.slice(0, 2000),
        pods: pods === null ? null : [...pods],
      },
      weight: isFailed ? 0 : 1,
    });
  }
  failing.sort((left, right) => left.weight - right.weight);
  return {
    health: overall(seen, succeeded),
    counts,
    failing: failing.slice(0, mostFailing).map(({ failure }) => failure),
    notices,
  };
}

function asNotice(object: string, { reason, message }: ObjectHealth): Notice {
  return { reason: reason.slice(0, 100), object, message: message.slice(0, 500) };
}

function overall(
  seen: { failed: boolean; unknown: boolean; progressing: boolean; suspended: boolean },
  succeeded: boolean,
): TargetHealth {
  if (seen.failed) return succeeded ? 'degraded' : 'failed';
  if (seen.unknown) return 'unknown';
  if (seen.progressing) return succeeded ? 'degraded' : 'progressing';
  return seen.suspended ? 'suspended' : 'healthy';
}
