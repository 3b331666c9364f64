import type { JsonObject } from '@fairlead/manifests';
import { fieldAt, fieldOf } from '@fairlead/manifests';
import type { ObjectHealth } from './object-health.ts';
import { condition, count, current, failed, progressing, suspended, text } from './object-health.ts';

export function deploymentHealth(object: JsonObject): ObjectHealth {
  if (fieldAt(object, ['spec', 'paused']) === true) return suspended('the Deployment is paused');
  const wanted = count(object, ['spec', 'replicas'], 1);
  const status = (field: string) => count(object, ['status', field], 0);
  const progress = condition(object, 'Progressing');
  if (progress?.reason === 'ProgressDeadlineExceeded')
    return failed('ProgressDeadlineExceeded', readiness(object, wanted, progress.message));

  if (status('replicas') < wanted) return progressing('TooFewReplicas', readiness(object, wanted));
  if (status('updatedReplicas') < wanted) return progressing('UpdatingReplicas', readiness(object, wanted));
  if (status('replicas') > wanted) return progressing('OldReplicasTerminating', readiness(object, wanted));
  if (status('availableReplicas') < status('updatedReplicas'))
    return progressing('NotAvailable', readiness(object, wanted));
  if (status('readyReplicas') < wanted) return progressing('NotReady', readiness(object, wanted));
  // Without a deadline (or with the one that means "none") the condition is never written.
  const deadline = fieldAt(object, ['spec', 'progressDeadlineSeconds']);
  const hasDeadline = typeof deadline === 'number' && deadline < 2 ** 31 - 1;
  if (hasDeadline && !(progress?.status === 'True' && progress.reason === 'NewReplicaSetAvailable')) {
    return progressing('RollingOut', readiness(object, wanted));
  }
  if (condition(object, 'Available')?.status !== 'True') return progressing('NotAvailable', readiness(object, wanted));
  return current;
}

export function statefulSetHealth(object: JsonObject): ObjectHealth {
  if (fieldAt(object, ['spec', 'updateStrategy', 'type']) === 'OnDelete') return current;
  const wanted = count(object, ['spec', 'replicas'], 1);
  const status = (field: string) => count(object, ['status', field], 0);
  if (status('replicas') < wanted) return progressing('TooFewReplicas', readiness(object, wanted));
  if (status('readyReplicas') < wanted) return progressing('NotReady', readiness(object, wanted));
  if (status('replicas') > wanted) return progressing('OldReplicasTerminating', readiness(object, wanted));
  const partition = count(object, ['spec', 'updateStrategy', 'rollingUpdate', 'partition'], 0);
  if (partition > 0) {
    const updated = status('updatedReplicas') >= wanted - partition;
    return updated ? current : progressing('UpdatingReplicas', readiness(object, wanted));
  }
  if (status('currentReplicas') < wanted) return progressing('UpdatingReplicas', readiness(object, wanted));
  const sameRevision = fieldAt(object, ['status', 'currentRevision']) === fieldAt(object, ['status', 'updateRevision']);
  return sameRevision ? current : progressing('UpdatingReplicas', readiness(object, wanted));
}

export function daemonSetHealth(object: JsonObject): ObjectHealth {
  if (fieldAt(object, ['status', 'observedGeneration']) === undefined)
    return progressing('NotObserved', 'not yet seen by its controller');
  if (fieldAt(object, ['spec', 'updateStrategy', 'type']) === 'OnDelete') return current;
  const wanted = count(object, ['status', 'desiredNumberScheduled'], -1);
  if (wanted < 0) return progressing('NotScheduled', 'not yet scheduled');
  const fields = ['currentNumberScheduled', 'updatedNumberScheduled', 'numberAvailable', 'numberReady'];
  for (const field of fields) {
    const actual = count(object, ['status', field], 0);
    if (actual < wanted)
      return progressing('NotReady', `${count(object, ['status', 'numberReady'], 0)} of ${wanted} ready`);
  }
  return current;
}

export function replicaSetHealth(object: JsonObject): ObjectHealth {
  const wanted = count(object, ['spec', 'replicas'], 1);
  const failure = condition(object, 'ReplicaFailure');
  if (failure?.status === 'True') return failed(failure.reason || 'ReplicaFailure', failure.message);
  for (const field of ['fullyLabeledReplicas', 'availableReplicas', 'readyReplicas']) {
    if (count(object, ['status', field], 0) < wanted) return progressing('NotReady', readiness(object, wanted));
  }
  if (count(object, ['status', 'replicas'], 0) > wanted)
    return progressing('OldReplicasTerminating', readiness(object, wanted));
  return current;
}

export function jobHealth(object: JsonObject): ObjectHealth {
  const failure = condition(object, 'Failed');
  if (failure?.status === 'True') return failed(failure.reason || 'JobFailed', failure.message || 'the Job failed');
  if (condition(object, 'Complete')?.status === 'True') return current;
  if (fieldAt(object, ['spec', 'suspend']) === true || condition(object, 'Suspended')?.status === 'True')
    return current;
  return progressing('JobRunning', 'the Job is not complete');
}

const stuckReasons =
  /^(CrashLoopBackOff|ImagePullBackOff|ErrImagePull|ErrImageNeverPull|InvalidImageName|CreateContainerConfigError|CreateContainerError|RunContainerError)$/;

export interface PodTrouble {
  readonly reason: string;
  readonly message: string;
}

export function podHealth(object: JsonObject): ObjectHealth {
  const phase = text(fieldAt(object, ['status', 'phase']));
  if (phase === 'Succeeded') return current;
  if (phase === 'Failed')
    return failed(
      text(fieldAt(object, ['status', 'reason'])) || 'PodFailed',
      text(fieldAt(object, ['status', 'message'])) || 'the Pod failed',
    );
  const trouble = podTrouble(object);
  if (trouble !== null) return failed(trouble.reason, trouble.message);
  if (phase === 'Running' && condition(object, 'Ready')?.status === 'True') return current;
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

function readiness(object: JsonObject, wanted: number, detail = ''): string {
  const ready = count(object, ['status', 'readyReplicas'], 0);
  return `${ready} of ${wanted} ready${detail === '' ? '' : `: ${detail}`}`;
}
