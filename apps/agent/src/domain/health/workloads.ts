import type { JsonObject } from '@fairlead/manifests';
import { fieldAt } from '@fairlead/manifests';
import type { ObjectHealth } from './object-health.ts';
import { condition, count, current, failed, progressing, suspended } from './object-health.ts';

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

function readiness(object: JsonObject, wanted: number, detail = ''): string {
  const ready = count(object, ['status', 'readyReplicas'], 0);
  return `${ready} of ${wanted} ready${detail === '' ? '' : `: ${detail}`}`;
}
