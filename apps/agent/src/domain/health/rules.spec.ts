import type { JsonObject } from '@fairlead/manifests';
import { noFacts } from './object-health.ts';
import { hasHealthRule, objectHealth } from './rules.ts';

const deployment = { group: 'apps', kind: 'Deployment' };
const replicas = (count: number) => ({
  replicas: count,
  updatedReplicas: count,
  availableReplicas: count,
  readyReplicas: count,
  observedGeneration: 3,
  conditions: [
    { type: 'Available', status: 'True' },
    { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' },
  ],
});

describe('health of an object', () => {
  it.each<[string, { group: string; kind: string }, JsonObject, string]>([
    [
      'a Deployment with all replicas',
      deployment,
      { spec: { replicas: 2, progressDeadlineSeconds: 600 }, status: replicas(2) },
      'current',
    ],
    [
      'a Deployment whose controller is behind',
      deployment,
      { spec: { replicas: 2 }, status: { ...replicas(2), observedGeneration: 2 } },
      'progressing',
    ],
    ['a Deployment with too few replicas', deployment, { spec: { replicas: 3 }, status: replicas(2) }, 'progressing'],
    [
      'a Deployment with old Pods left',
      deployment,
      { spec: { replicas: 1 }, status: { ...replicas(1), replicas: 2 } },
      'progressing',
    ],
    [
      'a Deployment past its deadline',
      deployment,
      {
        spec: {},
        status: {
          ...replicas(1),
          conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }],
        },
      },
      'failed',
    ],
    [
      'a Deployment without a deadline',
      deployment,
      { spec: {}, status: { ...replicas(1), conditions: [{ type: 'Available', status: 'True' }] } },
      'current',
    ],
    ['a paused Deployment', deployment, { spec: { paused: true }, status: replicas(0) }, 'suspended'],
    [
      'a StatefulSet with a partition',
      { group: 'apps', kind: 'StatefulSet' },
      {
        spec: { replicas: 3, updateStrategy: { rollingUpdate: { partition: 2 } } },
        status: { replicas: 3, readyReplicas: 3, updatedReplicas: 1 },
      },
      'current',
    ],
    [
      'a StatefulSet that is updated on deletion only',
      { group: 'apps', kind: 'StatefulSet' },
      { spec: { updateStrategy: { type: 'OnDelete' } }, status: {} },
      'current',
    ],
    ['a DaemonSet nobody looked at', { group: 'apps', kind: 'DaemonSet' }, { status: {} }, 'progressing'],
    ['a running Job', { group: 'batch', kind: 'Job' }, { status: { startTime: 'x', active: 1 } }, 'progressing'],
    [
      'a finished Job',
      { group: 'batch', kind: 'Job' },
      { status: { conditions: [{ type: 'Complete', status: 'True' }] } },
      'current',
    ],
    [
      'a failed Job',
      { group: 'batch', kind: 'Job' },
      { status: { conditions: [{ type: 'Failed', status: 'True' }] } },
      'failed',
    ],
    ['a suspended Job', { group: 'batch', kind: 'Job' }, { spec: { suspend: true } }, 'current'],
    [
      'a Pod in a crash loop',
      { group: '', kind: 'Pod' },
      {
        status: {
          phase: 'Running',
          containerStatuses: [{ image: 'i', state: { waiting: { reason: 'CrashLoopBackOff' } } }],
        },
      },
      'failed',
    ],
    ['a Pod that ran to its end', { group: '', kind: 'Pod' }, { status: { phase: 'Succeeded' } }, 'current'],
    ['a lost claim', { group: '', kind: 'PersistentVolumeClaim' }, { status: { phase: 'Lost' } }, 'failed'],
    [
      'a load balancer without an address',
      { group: '', kind: 'Service' },
      { spec: { type: 'LoadBalancer' } },
      'progressing',
    ],
    ['a Service inside the cluster', { group: '', kind: 'Service' }, { spec: {} }, 'current'],
    [
      'a definition whose names are taken',
      { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition' },
      { status: { conditions: [{ type: 'NamesAccepted', status: 'False', reason: 'Conflict' }] } },
      'failed',
    ],
    ['an APIService nobody answers for', { group: 'apiregistration.k8s.io', kind: 'APIService' }, {}, 'progressing'],
    [
      'a stalled custom resource',
      { group: 'example.dev', kind: 'Gate' },
      { status: { conditions: [{ type: 'Stalled', status: 'True' }] } },
      'failed',
    ],
    [
      'a custom resource that is not ready',
      { group: 'example.dev', kind: 'Gate' },
      { status: { conditions: [{ type: 'Ready', status: 'False' }] } },
      'progressing',
    ],
    ['a custom resource without conditions', { group: 'example.dev', kind: 'Gate' }, { spec: {} }, 'current'],
    [
      'a custom resource with a strange generation',
      { group: 'example.dev', kind: 'Gate' },
      { status: { observedGeneration: 'x' } },
      'current',
    ],
  ])('of %s', (_name, id, object, expected) => {
    expect(objectHealth(id, { ...object, metadata: { name: 'x', generation: 3 } }).state).toBe(expected);
  });

  it('is in motion while the object is being deleted', () => {
    expect(objectHealth({ group: '', kind: 'ConfigMap' }, { metadata: { deletionTimestamp: 'now' } }).state).toBe(
      'progressing',
    );
  });

  it('is asked for only where it can change by itself', () => {
    const kinds = [
      ['', 'ConfigMap'],
      ['', 'Secret'],
      ['rbac.authorization.k8s.io', 'Role'],
      ['networking.k8s.io', 'NetworkPolicy'],
      ['apps', 'Deployment'],
      ['example.dev', 'Gate'],
      ['gateway.networking.k8s.io', 'HTTPRoute'],
    ] as const;
    expect(kinds.filter(([group, kind]) => hasHealthRule({ group, kind })).map(([, kind]) => kind)).toEqual([
      'Deployment',
      'Gate',
      'HTTPRoute',
    ]);
  });

  const gate = { group: 'example.dev', kind: 'Gate' };
  const says = (...conditions: JsonObject[]): JsonObject => ({ metadata: { generation: 3 }, status: { conditions } });

  it('[case 118] reads Stalled, Reconciling and Ready of any custom resource', () => {
    expect(objectHealth(gate, says({ type: 'Stalled', status: 'True', reason: 'NoQuota', message: 'm' }))).toEqual({
      state: 'failed',
      reason: 'NoQuota',
      message: 'm',
    });
    expect(
      objectHealth(gate, says({ type: 'Reconciling', status: 'True' }, { type: 'Ready', status: 'True' })).state,
    ).toBe('progressing');
    for (const status of ['False', 'Unknown'])
      expect(objectHealth(gate, says({ type: 'Ready', status })).state).toBe('progressing');
    expect(objectHealth(gate, says({ type: 'Ready', status: 'True' })).state).toBe('current');
    // What was said about an earlier generation is neither good news nor bad.
    expect(objectHealth(gate, says({ type: 'Ready', status: 'True', observedGeneration: 2 })).state).toBe(
      'progressing',
    );
    expect(objectHealth(gate, says({ type: 'Stalled', status: 'True', observedGeneration: 2 })).state).toBe('current');
  });

  it('[case 119] gives a controller a minute for its first status, where there can be one', () => {
    const facts = { ...noFacts, now: 100_000, appliedAt: 90_000 };
    const fresh = (declaresConditions: boolean | null, now = facts.now) =>
      objectHealth(gate, { metadata: {}, spec: {} }, { ...facts, now, declaresConditions });
    expect(fresh(true)).toMatchObject({ state: 'progressing', reason: 'NoStatus', againInMs: 50_000 });
    expect(fresh(null).state).toBe('progressing');
    expect(fresh(false).state).toBe('current');
    expect(fresh(true, 151_000).state).toBe('current');
    expect(objectHealth(gate, { status: { phase: 'x' } }, { ...facts, declaresConditions: true }).state).toBe(
      'current',
    );
  });

  it('[case 127] waits for nothing that says it is not to be waited for', () => {
    const ignored = { metadata: { annotations: { 'fairlead.dev/health': 'ignore' } } };
    expect(objectHealth(deployment, { ...ignored, spec: { replicas: 2 }, status: {} }).state).toBe('current');
    expect(objectHealth(gate, { ...says({ type: 'Stalled', status: 'True' }), ...ignored }).state).toBe('current');
  });
});
