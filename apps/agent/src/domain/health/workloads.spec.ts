import type { JsonObject } from '@fairlead/manifests';
import type { HealthFacts } from './object-health.ts';
import { noFacts } from './object-health.ts';
import { objectHealth } from './rules.ts';

const health = (group: string, kind: string, object: JsonObject, facts: HealthFacts = noFacts) => {
  const metadata = { name: 'api', generation: 3, ...(object['metadata'] as JsonObject | undefined) };
  return objectHealth({ group, kind }, { ...object, metadata }, facts);
};
const rolledOut = (replicas: number): JsonObject => ({
  replicas,
  updatedReplicas: replicas,
  readyReplicas: replicas,
  availableReplicas: replicas,
  observedGeneration: 3,
  conditions: [
    { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' },
    { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' },
  ],
});
const deployment = (spec: JsonObject, status: JsonObject) => health('apps', 'Deployment', { spec, status });
const statefulSet = (spec: JsonObject, status: JsonObject) => health('apps', 'StatefulSet', { spec, status });

describe('health of workloads', () => {
  it('[case 102] waits until a Deployment of generation 3 is observed', () => {
    expect(deployment({ replicas: 2 }, { ...rolledOut(2), observedGeneration: 2 })).toMatchObject({
      state: 'progressing',
      reason: 'NotObserved',
    });
    expect(deployment({ replicas: 2, progressDeadlineSeconds: 600 }, rolledOut(2)).state).toBe('current');
  });

  it('[case 103] fails at the deadline at once, and misses no condition that nobody writes without one', () => {
    const late = [
      { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'has timed out' },
    ];
    expect(
      deployment({ replicas: 2, progressDeadlineSeconds: 5 }, { ...rolledOut(1), conditions: late }),
    ).toMatchObject({
      state: 'failed',
      reason: 'ProgressDeadlineExceeded',
      message: '1 of 2 ready: has timed out',
    });
    const available = [{ type: 'Available', status: 'True' }];
    expect(deployment({ replicas: 1 }, { ...rolledOut(1), conditions: available }).state).toBe('current');
    expect(
      deployment({ replicas: 1, progressDeadlineSeconds: 2147483647 }, { ...rolledOut(1), conditions: available })
        .state,
    ).toBe('current');
    expect(
      deployment({ replicas: 1, progressDeadlineSeconds: 600 }, { ...rolledOut(1), conditions: available }).state,
    ).toBe('progressing');
  });

  it('[case 104] takes a paused Deployment as suspended, not as one to wait for', () => {
    expect(deployment({ replicas: 3, paused: true }, { replicas: 0, observedGeneration: 3 }).state).toBe('suspended');
  });

  it('[case 105] waits for the last Pod of the old release to go', () => {
    expect(deployment({ replicas: 2 }, { ...rolledOut(2), replicas: 3 })).toMatchObject({
      state: 'progressing',
      reason: 'OldReplicasTerminating',
    });
  });

  it('[case 106] asks a StatefulSet only for the replicas above its partition, and none when it is updated on deletion', () => {
    const partitioned = { replicas: 3, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } };
    const status = { replicas: 3, readyReplicas: 3, currentReplicas: 2, currentRevision: 'a', updateRevision: 'b' };
    expect(statefulSet(partitioned, { ...status, updatedReplicas: 1 }).state).toBe('current');
    expect(statefulSet(partitioned, { ...status, updatedReplicas: 0 }).state).toBe('progressing');
    const whole = { replicas: 3, updateStrategy: { type: 'RollingUpdate' } };
    expect(statefulSet(whole, { ...status, updatedReplicas: 1 }).state).toBe('progressing');
    const onDelete = { replicas: 3, updateStrategy: { type: 'OnDelete' } };
    expect(statefulSet(onDelete, { ...status, updatedReplicas: 0 }).state).toBe('current');
  });

  it('[case 107] waits for a DaemonSet that nobody has looked at', () => {
    const counts = { desiredNumberScheduled: 2, currentNumberScheduled: 2, updatedNumberScheduled: 2 };
    const ready = { ...counts, numberAvailable: 2, numberReady: 2 };
    const daemonSet = (status: JsonObject) => health('apps', 'DaemonSet', { spec: {}, status }).state;
    expect(daemonSet(ready)).toBe('progressing');
    expect(daemonSet({ ...ready, observedGeneration: 3 })).toBe('current');
    expect(daemonSet({ ...ready, observedGeneration: 3, numberReady: 1 })).toBe('progressing');
  });

  it('[case 108] waits for the end of a Job, and does not wait for a suspended one', () => {
    const job = (spec: JsonObject, status: JsonObject) => health('batch', 'Job', { spec, status });
    expect(job({}, { startTime: '2026-01-01T00:00:00Z', active: 1 }).state).toBe('progressing');
    expect(job({}, { succeeded: 1, conditions: [{ type: 'Complete', status: 'True' }] }).state).toBe('current');
    const failure = { type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded', message: 'too many' };
    expect(job({}, { failed: 1, conditions: [failure] })).toMatchObject({
      state: 'failed',
      reason: 'BackoffLimitExceeded',
      message: 'too many',
    });
    expect(job({ suspend: true }, { conditions: [{ type: 'Suspended', status: 'True' }] }).state).toBe('current');
  });

  it('has failed replicas of a ReplicaSet as a failure', () => {
    const quota = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: 'exceeded quota' };
    expect(
      health('apps', 'ReplicaSet', { spec: { replicas: 1 }, status: { observedGeneration: 3, conditions: [quota] } }),
    ).toMatchObject({ state: 'failed', reason: 'FailedCreate', message: 'exceeded quota' });
  });
});

describe('health of a Pod', () => {
  const now = Date.parse('2026-01-01T00:01:00Z');
  const pod = (object: JsonObject, facts: Partial<HealthFacts> = {}) =>
    health('', 'Pod', object, { ...noFacts, now, ...facts });
  const unscheduled = (ageMs: number): JsonObject => ({
    status: {
      phase: 'Pending',
      conditions: [
        {
          type: 'PodScheduled',
          status: 'False',
          reason: 'Unschedulable',
          message: '0/3 nodes are available',
          lastTransitionTime: new Date(now - ageMs).toISOString(),
        },
      ],
    },
  });
  const waiting = (reason: string, list = 'containerStatuses'): JsonObject => ({
    status: { phase: 'Running', [list]: [{ name: 'main', image: 'api:2', state: { waiting: { reason } } }] },
  });
  const running = (restartPolicy: string, annotations: JsonObject = {}): JsonObject => ({
    metadata: { annotations },
    spec: { restartPolicy },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  });

  it('[case 110] gives a Pod without a Node 15 s: a cluster may be about to grow', () => {
    expect(pod(unscheduled(5_000))).toMatchObject({ state: 'progressing', reason: 'Unschedulable', againInMs: 10_000 });
    expect(pod(unscheduled(20_000))).toMatchObject({ state: 'failed', reason: 'Unschedulable' });
    expect(pod(unscheduled(20_000)).message).toContain('0/3 nodes are available');
  });

  it.each(['CrashLoopBackOff', 'ImagePullBackOff', 'ErrImagePull', 'CreateContainerConfigError'])(
    '[case 111] fails a Pod in %s, also in an init container',
    (reason) => {
      expect(pod(waiting(reason))).toMatchObject({ state: 'failed', reason });
      expect(pod(waiting(reason, 'initContainerStatuses'))).toMatchObject({ state: 'failed', reason });
      expect(pod(waiting('ContainerCreating')).state).toBe('progressing');
    },
  );

  it('[case 112] waits for the end of a Pod that is not restarted, unless it says that it is a server', () => {
    expect(pod(running('Never'))).toMatchObject({ state: 'progressing', reason: 'PodRunning' });
    expect(pod(running('OnFailure')).state).toBe('progressing');
    expect(pod(running('Always')).state).toBe('current');
    expect(pod(running('Never', { 'fairlead.dev/health': 'long-running' })).state).toBe('current');
    expect(pod({ spec: { restartPolicy: 'Never' }, status: { phase: 'Succeeded' } }).state).toBe('current');
    expect(pod({ status: { phase: 'Failed', reason: 'Evicted', message: 'out of disk' } })).toMatchObject({
      state: 'failed',
      reason: 'Evicted',
    });
  });
});
