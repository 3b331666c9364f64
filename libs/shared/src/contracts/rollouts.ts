import { z } from 'zod';
import { Notice, PodReport, TargetHealth } from './agent-protocol.ts';
import { Labels } from './clusters.ts';
import { PageQuery } from './paging.ts';

const DurationMs = z.int().min(0);
/** "25%" or a count. */
export const Amount = z.union([z.int().min(0), z.string().regex(/^\d{1,3}%$/)]);
export type Amount = z.infer<typeof Amount>;

export const LabelSelector = z
  .strictObject({
    matchLabels: Labels.optional(),
    matchExpressions: z
      .array(
        z.strictObject({
          key: z.string(),
          operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
          values: z.array(z.string()).optional(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'LabelSelector' });
export type LabelSelector = z.infer<typeof LabelSelector>;

export const WaveStrategy = z
  .strictObject({
    name: z.string().min(1).max(63),
    /** `percent` counts of all clusters of the rollout, taken by name from those no earlier wave has. */
    clusters: z.union([z.literal('all'), z.strictObject({ percent: z.int().min(1).max(100) }), LabelSelector]),
    maxInFlight: Amount.optional(),
    soakMs: DurationMs.default(0),
  })
  .meta({ id: 'WaveStrategy' });
export type WaveStrategy = z.infer<typeof WaveStrategy>;

/** How a group rolls out; frozen into the rollout when it starts. Durations are milliseconds. */
export const Strategy = z
  .strictObject({
    trigger: z.enum(['auto', 'manual']).default('auto'),
    onNewRelease: z.enum(['supersede', 'queue']).default('supersede'),
    waves: z.array(WaveStrategy).min(1).max(50),
    maxInFlight: Amount.default('100%'),
    failureBudget: z.strictObject({ perWave: Amount, total: Amount }).default({ perWave: 0, total: 0 }),
    progressDeadlineMs: DurationMs.default(600_000),
    degradedGraceMs: DurationMs.default(60_000),
    offline: z
      .strictObject({ policy: z.enum(['skip', 'wait', 'catchUp']), waitMs: DurationMs })
      .default({ policy: 'catchUp', waitMs: 300_000 }),
    onFailure: z.enum(['rollback', 'halt']).default('rollback'),
    hold: z.enum(['untilFixed', 'untilReleased']).default('untilFixed'),
  })
  .meta({ id: 'Strategy' });
export type Strategy = z.infer<typeof Strategy>;

export const rolloutStates = [
  'planned', 'awaitingStart', 'running', 'paused', 'halted', 'superseding', 'rollingBack',
  'succeeded', 'rolledBack', 'rollbackFailed', 'cancelled', 'superseded',
] as const; // prettier-ignore
export const RolloutState = z.enum(rolloutStates);
export type RolloutState = z.infer<typeof RolloutState>;

export const waveStates = [
  'pending',
  'blocked',
  'running',
  'soaking',
  'analysing',
  'passed',
  'failed',
  'skipped',
] as const;
export const WaveState = z.enum(waveStates);
export type WaveState = z.infer<typeof WaveState>;

export const targetStates = [
  'pending', 'assigned', 'received', 'applied', 'healthy', 'done', 'failed',
  'rollingBack', 'rolledBack', 'rollbackFailed', 'offline', 'left', 'untouched',
] as const; // prettier-ignore
export const TargetState = z.enum(targetStates);
export type TargetState = z.infer<typeof TargetState>;

export const RolloutWave = z
  .object({
    ordinal: z.int(),
    name: z.string(),
    state: WaveState,
    reason: z.string().nullable(),
    since: z.string(),
    clusters: z.array(z.string()),
    counts: z.object({
      total: z.int(),
      done: z.int(),
      inFlight: z.int(),
      failed: z.int(),
      pending: z.int(),
      offline: z.int(),
    }),
    soakUntil: z.string().nullable(),
  })
  .meta({ id: 'RolloutWave' });
export type RolloutWave = z.infer<typeof RolloutWave>;

export const RolloutTarget = z
  .object({
    app: z.string(),
    cluster: z.string(),
    wave: z.int(),
    state: TargetState,
    reason: z.string().nullable(),
    since: z.string(),
    digest: z.string(),
    previousDigest: z.string().nullable(),
    counter: z.int().nullable(),
    health: TargetHealth,
  })
  .meta({ id: 'RolloutTarget' });
export type RolloutTarget = z.infer<typeof RolloutTarget>;

export const Rollout = z
  .object({
    id: z.int(),
    group: z.string(),
    kind: z.enum(['rollout', 'rollback']),
    release: z.object({ id: z.int(), number: z.int(), commit: z.string(), subject: z.string() }),
    state: RolloutState,
    /** Why it is not further, one sentence; null when terminal and well. */
    reason: z.string().nullable(),
    since: z.string(),
    startedBy: z.string(),
    planHash: z.string(),
    version: z.int(),
    waves: z.array(RolloutWave),
    createdAt: z.string(),
    finishedAt: z.string().nullable(),
  })
  .meta({ id: 'Rollout' });
export type Rollout = z.infer<typeof Rollout>;

export const CreateRolloutPlan = z
  .strictObject({
    group: z.string().min(1),
    /** Release number within the group; the newest when absent. An earlier one makes a rollback. */
    release: z.int().min(1).optional(),
    strategy: Strategy.optional(),
  })
  .meta({ id: 'CreateRolloutPlan' });
export type CreateRolloutPlan = z.infer<typeof CreateRolloutPlan>;

export const RolloutPlan = z
  .object({
    planHash: z.string(),
    group: z.string(),
    release: z.object({ id: z.int(), number: z.int(), commit: z.string() }),
    waves: z.array(z.object({ name: z.string(), clusters: z.array(z.string()) })),
    targets: z.array(
      z.object({
        app: z.string(),
        cluster: z.string(),
        from: z.string().nullable(),
        to: z.string(),
        added: z.int(),
        changed: z.int(),
        deleted: z.int(),
      }),
    ),
    unchanged: z.int(),
    warnings: z.array(z.string()),
    /** Why it would not start by itself: quarantined content, hold, blast radius. */
    blocked: z.array(z.string()),
    needsConfirmation: z.boolean(),
  })
  .meta({ id: 'RolloutPlan' });
export type RolloutPlan = z.infer<typeof RolloutPlan>;

export const StartRollout = CreateRolloutPlan.extend({
  /** Plan that was shown and agreed to; another plan is refused. Required when the plan needs confirmation. */
  planHash: z.string().optional(),
  reason: z.string().max(1000).optional(),
}).meta({ id: 'StartRollout' });
export type StartRollout = z.infer<typeof StartRollout>;

export const Group = z
  .object({
    name: z.string(),
    source: z.string(),
    apps: z.array(z.string()),
    newestRelease: z.object({ id: z.int(), number: z.int(), commit: z.string(), state: z.string() }).nullable(),
    activeRollout: z.int().nullable(),
    lastRollout: z.object({ id: z.int(), state: RolloutState, finishedAt: z.string().nullable() }).nullable(),
    hold: z
      .object({ release: z.int().nullable(), reason: z.string(), policy: z.string(), since: z.string() })
      .nullable(),
    quarantine: z.array(z.object({ app: z.string(), cluster: z.string(), digest: z.string(), since: z.string() })),
    /** Why the newest release is not rolling out, when it is not. */
    blocked: z.string().nullable(),
  })
  .meta({ id: 'Group' });
export type Group = z.infer<typeof Group>;

const Failing = z.object({ object: z.string(), reason: z.string(), message: z.string() });
const PruneHoldSummary = z.object({ reason: z.string(), hash: z.string(), count: z.int() });

export const Target = z
  .object({
    app: z.string(),
    cluster: z.string(),
    group: z.string(),
    release: z.object({ number: z.int(), commit: z.string() }).nullable(),
    digest: z.string(),
    mode: z.enum(['reconcile', 'frozen']),
    counter: z.int(),
    acknowledged: z.object({ digest: z.string(), counter: z.int(), phase: z.string() }).nullable(),
    health: TargetHealth,
    failing: z.array(Failing),
    /** Deletions the agent holds back until somebody agrees to exactly this set. */
    pruneHold: PruneHoldSummary.nullable(),
    /** Fields that differ and that Git says something about. */
    openDrift: z.int(),
    /** Fields that somebody set and that Git says nothing about. */
    unmanaged: z.int(),
    /** Objects that somebody keeps changing back. */
    contended: z.int(),
    /** What a person should know that is no failure: an object that stays, a kind that cannot be watched. */
    notices: z.array(Notice),
    /** When the agent said so; health is `unknown` when the agent's session is not live. */
    asOf: z.string().nullable(),
  })
  .meta({ id: 'Target' });
export type Target = z.infer<typeof Target>;

/** A target with everything its agent said of it. */
export const TargetDetail = Target.extend({
  /** Why the apply failed, in the agent's words. */
  message: z.string().nullable(),
  failing: z.array(Failing.extend({ pods: z.array(PodReport) })),
  pruneHold: PruneHoldSummary.extend({ objects: z.array(z.string()) }).nullable(),
  /** The set of objects that somebody agreed to see deleted under this assignment. */
  confirmedPrune: z.string().nullable(),
}).meta({ id: 'TargetDetail' });
export type TargetDetail = z.infer<typeof TargetDetail>;

export const ConfirmPrune = z
  .strictObject({
    /** Of the hold that was shown: names exactly that set of objects. */
    hash: z.string().regex(/^[0-9a-f]{64}$/),
    reason: z.string().max(1000).optional(),
  })
  .meta({ id: 'ConfirmPrune' });
export type ConfirmPrune = z.infer<typeof ConfirmPrune>;

export const ListRollouts = PageQuery.extend({
  group: z.string().max(200).optional(),
  state: RolloutState.optional(),
});
export type ListRollouts = z.infer<typeof ListRollouts>;

export const ListTargets = PageQuery.extend({
  app: z.string().max(200).optional(),
  cluster: z.string().max(200).optional(),
  group: z.string().max(200).optional(),
  health: TargetHealth.optional(),
});
export type ListTargets = z.infer<typeof ListTargets>;

export const RollBackGroup = z
  .strictObject({
    /** Release number to go back to; the one the group was on before when absent. */
    release: z.int().min(1).optional(),
    /** Plan that was shown and agreed to; another plan is refused. Required when the plan needs confirmation. */
    planHash: z.string().optional(),
    reason: z.string().min(1).max(1000),
  })
  .meta({ id: 'RollBackGroup' });
export type RollBackGroup = z.infer<typeof RollBackGroup>;

export const Unquarantine = z
  .strictObject({
    /** Release number: what failed in it, or what of it failed before. Everything of the group when nothing is named. */
    release: z.int().min(1).optional(),
    app: z.string().max(200).optional(),
    cluster: z.string().max(200).optional(),
    reason: z.string().min(1).max(1000),
  })
  .meta({ id: 'Unquarantine' });
export type Unquarantine = z.infer<typeof Unquarantine>;
