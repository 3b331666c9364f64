import type { ClusterConnection, Observations, TargetReport } from '../domain/observations.ts';
import { aTarget } from '../domain/membership.ts';
import type { Rollout, Strategy, Target } from '../domain/rollout.types.ts';

/** Valid by default, overridden where a test cares. */
export function aStrategy(overrides: Partial<Strategy> = {}): Strategy {
  return {
    trigger: 'auto',
    onNewRelease: 'supersede',
    waves: [
      { name: 'canary', clusters: { matchLabels: { ring: 'canary' } }, soakMs: 0 },
      { name: 'rest', clusters: 'all', soakMs: 0 },
    ],
    maxInFlight: '100%',
    failureBudget: { perWave: 0, total: 0 },
    progressDeadlineMs: 600_000,
    degradedGraceMs: 60_000,
    offline: { policy: 'catchUp', waitMs: 300_000 },
    onFailure: 'rollback',
    hold: 'untilFixed',
    ...overrides,
  };
}

export function aCluster(id: number, overrides: Partial<ClusterConnection> = {}): ClusterConnection {
  return { id, name: `c${id}`, labels: {}, live: true, since: 0, epoch: 1, removed: false, ...overrides };
}

export function aReport(overrides: Partial<TargetReport> = {}): TargetReport {
  return {
    counter: 1,
    digest: 'new',
    epoch: 1,
    phase: 'applied',
    permanent: false,
    message: null,
    health: 'healthy',
    failing: [],
    receivedAt: 0,
    reportedAt: 0,
    ...overrides,
  };
}

export function observed(overrides: Partial<Observations> = {}): Observations {
  return {
    clusters: new Map([1, 2, 3].map((id) => [id, aCluster(id)])),
    reports: new Map(),
    assignments: new Map(),
    members: [],
    quarantined: new Set(),
    hubStartedAt: -1_000_000,
    clockJumpedAt: null,
    heartbeatMs: 1000,
    successor: null,
    ...overrides,
  };
}

/** A running rollout of one app: cluster 1 is the canary wave, clusters 2 and 3 are the rest. */
export function aRollout(overrides: Partial<Rollout> = {}): Rollout {
  const wave = { state: 'pending', reason: null, since: 0, soakStartedAt: null } as const;
  return {
    id: 1,
    groupId: 1,
    group: 'shop',
    kind: 'rollout',
    releaseId: 2,
    state: 'running',
    reason: null,
    since: 0,
    strategy: aStrategy(),
    apps: [{ app: 'orders', dependsOn: [] }],
    waves: [
      { ...wave, ordinal: 0, name: 'canary' },
      { ...wave, ordinal: 1, name: 'rest' },
    ],
    targets: [pending(1, 0), pending(2, 1), pending(3, 1)],
    memory: {
      baseReleaseId: 1,
      pausedBy: null,
      acceptedFailures: [],
      silenceAcceptedAt: 0,
      rollbackCause: null,
      scope: null,
    },
    ...overrides,
  };
}

function pending(clusterId: number, wave: number): Target {
  return aTarget(0, { appId: 1, app: 'orders', clusterId, cluster: `c${clusterId}`, wave, digest: 'new' });
}
