/** Instants are milliseconds since the epoch; ids are database ids; names are there for what people read. */

export type RolloutState =
  | 'planned'
  | 'awaitingStart'
  | 'running'
  | 'paused'
  | 'halted'
  | 'superseding'
  | 'rollingBack'
  | 'succeeded'
  | 'rolledBack'
  | 'rollbackFailed'
  | 'cancelled'
  | 'superseded';

export type WaveState = 'pending' | 'blocked' | 'running' | 'soaking' | 'analysing' | 'passed' | 'failed' | 'skipped';

export type TargetState =
  | 'pending'
  | 'assigned'
  | 'received'
  | 'applied'
  | 'healthy'
  | 'done'
  | 'failed'
  | 'rollingBack'
  | 'rolledBack'
  | 'rollbackFailed'
  | 'offline'
  | 'left'
  | 'untouched';

/** "25%" or a count. */
export type Amount = number | string;

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>> | undefined;
  readonly matchExpressions?:
    | readonly {
        readonly key: string;
        readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
        readonly values?: readonly string[] | undefined;
      }[]
    | undefined;
}

export interface WaveStrategy {
  readonly name: string;
  readonly clusters: 'all' | { readonly percent: number } | LabelSelector;
  readonly maxInFlight?: Amount | undefined;
  readonly soakMs: number;
}

/** How a group rolls out; frozen into the rollout when it starts. */
export interface Strategy {
  readonly trigger: 'auto' | 'manual';
  readonly onNewRelease: 'supersede' | 'queue';
  readonly waves: readonly WaveStrategy[];
  readonly maxInFlight: Amount;
  readonly failureBudget: { readonly perWave: Amount; readonly total: Amount };
  readonly progressDeadlineMs: number;
  readonly degradedGraceMs: number;
  readonly offline: { readonly policy: 'skip' | 'wait' | 'catchUp'; readonly waitMs: number };
  readonly onFailure: 'rollback' | 'halt';
  readonly hold: HoldPolicy;
}

export type HoldPolicy = 'untilFixed' | 'untilReleased';

/** An app of the group and what it needs on the same cluster first. The list is in dependency order. */
export interface AppInOrder {
  readonly app: string;
  readonly dependsOn: readonly { readonly app: string; readonly condition: 'applied' | 'healthy' }[];
}

export interface Wave {
  ordinal: number;
  name: string;
  state: WaveState;
  reason: string | null;
  since: number;
  soakStartedAt: number | null;
}

export interface Target {
  appId: number;
  app: string;
  clusterId: number;
  cluster: string;
  wave: number;
  state: TargetState;
  reason: string | null;
  since: number;
  /** What this rollout wants it to run. */
  digest: string;
  /** What it ran before, for the way back; null when it ran nothing. */
  previousDigest: string | null;
  previousReleaseId: number | null;
  /** The assignment whose reports count now. */
  counter: number | null;
  /** This rollout changed its assignment. Only touched targets are ever rolled back. */
  touched: boolean;
  /** It failed, had nothing to go back to, and nothing more is applied to it. */
  frozen: boolean;
  receivedAt: number | null;
  unhealthySince: number | null;
  /** Why it failed; stays while it is rolled back. */
  failure: string | null;
}

/** What the machine must remember beyond states. */
export interface Memory {
  /** What the group was on before: what a hold holds it on. */
  baseReleaseId: number | null;
  /** Who paused: a person's pause never ends by itself. */
  pausedBy: 'person' | 'hub' | null;
  /** Failed clusters that a person accepted by resuming a halted rollout. */
  acceptedFailures: number[];
  /** Silences that began before this instant are nobody's news: the start, or when a person resumed. */
  silenceAcceptedAt: number;
  /** Why it was turned round. */
  rollbackCause: string | null;
  /** Only these clusters take part (bringing some along to what the others have); null for all. */
  scope: number[] | null;
}

export interface Rollout {
  id: number;
  groupId: number;
  group: string;
  kind: 'rollout' | 'rollback';
  releaseId: number;
  state: RolloutState;
  reason: string | null;
  since: number;
  strategy: Strategy;
  apps: readonly AppInOrder[];
  waves: Wave[];
  targets: Target[];
  memory: Memory;
}

export type TargetKey = `${number}/${number}`;

/** The key of a target in maps of observations. */
export function targetKey(target: { appId: number; clusterId: number }): TargetKey {
  return `${target.appId}/${target.clusterId}`;
}
