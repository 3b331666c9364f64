import type { JsonObject } from '@fairlead/manifests';
import { fieldAt, fieldOf } from '@fairlead/manifests';
import { healthAnnotation, longRunning } from './health-annotation.ts';
import type { HealthFacts, ObjectHealth } from './object-health.ts';
import { condition, current, failed, progressing, text } from './object-health.ts';

const stuckReasons =
  /^(CrashLoopBackOff|ImagePullBackOff|ErrImagePull|ErrImageNeverPull|ImageInspectError|RegistryUnavailable|InvalidImageName|CreateContainerConfigError|CreateContainerError|CreatePodSandboxError|RunContainerError|PreStartHookError|PostStartHookError)$/;
/** A cluster may be about to grow: a Pod without a Node is not lost at once. */
const unschedulableGraceMs = 15_000;

export interface PodTrouble {
  readonly reason: string;
  readonly message: string;
}

export function podHealth(object: JsonObject, facts: HealthFacts): ObjectHealth {
  const phase = text(fieldAt(object, ['status', 'phase']));
  if (phase === 'Succeeded') return current;
  if (phase === 'Failed')
    return failed(
      text(fieldAt(object, ['status', 'reason'])) || 'PodFailed',
      text(fieldAt(object, ['status', 'message'])) || 'the Pod failed',
    );
  const trouble = podTrouble(object);
  if (trouble?.reason === 'Unschedulable') return unschedulable(object, trouble, facts);
  if (trouble !== null) return failed(trouble.reason, trouble.message);
  if (phase === 'Running' && condition(object, 'Ready')?.status === 'True') {
    return endsByItself(object) ? progressing('PodRunning', 'the Pod has not come to its end') : current;
  }
  return progressing('PodNotReady', `the Pod is ${phase === '' ? 'new' : phase}`);
}

/** What keeps a Pod from becoming ready, when it says so. */
export function podTrouble(pod: JsonObject): PodTrouble | null {
  const name = text(fieldAt(pod, ['metadata', 'name']));
  for (const list of ['initContainerStatuses', 'containerStatuses']) {
    const statuses = fieldAt(pod, ['status', list]);
    for (const status of Array.isArray(statuses) ? statuses : []) {
      const waiting = fieldAt(status, ['state', 'waiting']);
      const reason = text(fieldOf(waiting, 'reason'));
      if (!stuckReasons.test(reason)) continue;
      const image = text(fieldOf(status, 'image'));
      const detail = text(fieldOf(waiting, 'message'));
      return { reason, message: `pod ${name} ${reason} "${image}"${detail === '' ? '' : `: ${detail}`}` };
    }
  }
  const scheduled = condition(pod, 'PodScheduled');
  if (scheduled?.status === 'False' && scheduled.reason === 'Unschedulable') {
    return { reason: 'Unschedulable', message: `pod ${name} cannot be scheduled: ${scheduled.message}` };
  }
  return null;
}

function unschedulable(object: JsonObject, trouble: PodTrouble, { now }: HealthFacts): ObjectHealth {
  const waitMs = unschedulableGraceMs - (now - unscheduledSince(object));
  if (waitMs <= 0) return failed(trouble.reason, trouble.message);
  return { ...progressing(trouble.reason, trouble.message), againInMs: Math.min(waitMs, unschedulableGraceMs) };
}

function unscheduledSince(object: JsonObject): number {
  const conditions = fieldAt(object, ['status', 'conditions']);
  const scheduled = (Array.isArray(conditions) ? conditions : []).find(
    (entry) => fieldOf(entry, 'type') === 'PodScheduled',
  );
  const since = Date.parse(
    text(fieldOf(scheduled, 'lastTransitionTime')) || text(fieldAt(object, ['metadata', 'creationTimestamp'])),
  );
  return Number.isNaN(since) ? 0 : since;
}

function endsByItself(object: JsonObject): boolean {
  const policy = text(fieldAt(object, ['spec', 'restartPolicy']));
  return (policy === 'Never' || policy === 'OnFailure') && healthAnnotation(object) !== longRunning;
}
