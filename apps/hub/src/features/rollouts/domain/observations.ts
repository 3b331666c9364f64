import type { TargetKey } from './rollout.types.ts';

export type Health = 'healthy' | 'progressing' | 'degraded' | 'failed' | 'suspended' | 'unknown';

/** The newest stored report about a target, whatever counter, digest and session it is about. */
export interface TargetReport {
  readonly counter: number;
  readonly digest: string;
  readonly epoch: number;
  /** `deleted` is of an intent of its own: to a rollout it is neither applied nor failed. */
  readonly phase: 'received' | 'applied' | 'failed' | 'deleted';
  readonly permanent: boolean;
  readonly message: string | null;
  readonly health: Health;
  readonly failing: readonly { readonly object: string; readonly reason: string; readonly message: string }[];
  /** By the hub's clock. */
  readonly receivedAt: number;
  readonly reportedAt: number;
}

export interface ClusterConnection {
  readonly id: number;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Its session is open and its heartbeats arrive. */
  readonly live: boolean;
  /** Since when it is live, or silent. */
  readonly since: number;
  /** Epoch of its newest session; 0 when it never had one. */
  readonly epoch: number;
  /** Revoked or removed: it takes part in nothing. */
  readonly removed: boolean;
}

/** What a target is assigned at the moment. */
export interface CurrentAssignment {
  readonly digest: string;
  readonly releaseId: number;
  readonly counter: number;
  readonly mode: 'reconcile' | 'frozen';
  /** Its settings are those the rollout's release wants. */
  readonly settingsMatch: boolean;
}

/** An entry of the release that is rolled out. */
export interface Member {
  readonly appId: number;
  readonly app: string;
  readonly clusterId: number;
  readonly digest: string;
}

/** Everything the machine may know about the world, besides the time. */
export interface Observations {
  /** Every cluster of the fleet, so that silence of many can be told from silence of one. */
  readonly clusters: ReadonlyMap<number, ClusterConnection>;
  readonly reports: ReadonlyMap<TargetKey, TargetReport>;
  readonly assignments: ReadonlyMap<TargetKey, CurrentAssignment>;
  readonly members: readonly Member[];
  /** `app on cluster` keys with content that failed before: never assigned. */
  readonly quarantined: ReadonlySet<`${TargetKey}@${string}`>;
  readonly hubStartedAt: number;
  /** When the hub's clock was last found to have jumped. */
  readonly clockJumpedAt: number | null;
  readonly heartbeatMs: number;
  /** A newer release may start and the strategy says it takes over. */
  readonly successor: string | null;
}
