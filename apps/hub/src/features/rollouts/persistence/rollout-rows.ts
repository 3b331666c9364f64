import { z } from 'zod';
import { Strategy } from '@fairlead/shared/contracts';
import type { AppInOrder, Memory, Rollout, Target, Wave } from '../domain/rollout.types.ts';

export interface RolloutRow {
  id: number;
  group_id: number;
  group_name: string;
  release_id: number;
  kind: Rollout['kind'];
  state: Rollout['state'];
  reason: string | null;
  since: Date;
  strategy: unknown;
  app_order: unknown;
  memory: unknown;
  version: number;
}

export interface WaveRow {
  ordinal: number;
  name: string;
  state: Wave['state'];
  reason: string | null;
  since: Date;
  soak_started_at: Date | null;
}

export interface TargetRow {
  app_id: number;
  app_name: string;
  cluster_id: number;
  cluster_name: string;
  wave: number;
  state: Target['state'];
  reason: string | null;
  since: Date;
  digest: string;
  previous_digest: string | null;
  previous_release_id: number | null;
  counter: number | null;
  touched: boolean;
  frozen: boolean;
  received_at: Date | null;
  unhealthy_since: Date | null;
  failure: string | null;
}

const AppOrder = z.array(
  z.object({
    app: z.string(),
    dependsOn: z.array(z.object({ app: z.string(), condition: z.enum(['applied', 'healthy']) })),
  }),
);

const StoredMemory = z.object({
  baseReleaseId: z.int().nullable(),
  pausedBy: z.enum(['person', 'hub']).nullable(),
  acceptedFailures: z.array(z.int()),
  silenceAcceptedAt: z.number(),
  rollbackCause: z.string().nullable(),
  scope: z.array(z.int()).nullable(),
});

/** The apps of a release with what they depend on, as the release stores them. */
export function parseAppOrder(value: unknown): AppInOrder[] {
  return AppOrder.parse(value);
}

/** A strategy as a release or rollout stores it. */
export function parseStrategy(value: unknown): Strategy {
  return Strategy.parse(value);
}

export function rowsToRollout(row: RolloutRow, waves: WaveRow[], targets: TargetRow[]): Rollout {
  const memory: Memory = StoredMemory.parse(row.memory);
  return {
    id: row.id,
    groupId: row.group_id,
    group: row.group_name,
    kind: row.kind,
    releaseId: row.release_id,
    state: row.state,
    reason: row.reason,
    since: row.since.getTime(),
    strategy: parseStrategy(row.strategy),
    apps: parseAppOrder(row.app_order),
    waves: waves.map(rowToWave),
    targets: targets.map(rowToTarget),
    memory,
  };
}

function rowToWave(row: WaveRow): Wave {
  const { ordinal, name, state, reason } = row;
  return { ordinal, name, state, reason, since: row.since.getTime(), soakStartedAt: millis(row.soak_started_at) };
}

function rowToTarget(row: TargetRow): Target {
  const { wave, state, reason, digest, counter, touched, frozen, failure } = row;
  return {
    appId: row.app_id,
    app: row.app_name,
    clusterId: row.cluster_id,
    cluster: row.cluster_name,
    wave,
    state,
    reason,
    since: row.since.getTime(),
    digest,
    previousDigest: row.previous_digest,
    previousReleaseId: row.previous_release_id,
    counter,
    touched,
    frozen,
    receivedAt: millis(row.received_at),
    unhealthySince: millis(row.unhealthy_since),
    failure,
  };
}

function millis(date: Date | null): number | null {
  return date === null ? null : date.getTime();
}

/** What a JSON recordset of waves or targets carries to `insert … on conflict`. */
export function waveToRecord(wave: Wave) {
  return {
    ordinal: wave.ordinal,
    name: wave.name,
    state: wave.state,
    reason: wave.reason,
    since: iso(wave.since),
    soak_started_at: wave.soakStartedAt === null ? null : iso(wave.soakStartedAt),
  };
}

export function targetToRecord(target: Target) {
  return {
    app_id: target.appId,
    cluster_id: target.clusterId,
    wave: target.wave,
    state: target.state,
    reason: target.reason,
    since: iso(target.since),
    digest: target.digest,
    previous_digest: target.previousDigest,
    previous_release_id: target.previousReleaseId,
    counter: target.counter,
    touched: target.touched,
    frozen: target.frozen,
    received_at: target.receivedAt === null ? null : iso(target.receivedAt),
    unhealthy_since: target.unhealthySince === null ? null : iso(target.unhealthySince),
    failure: target.failure,
  };
}

/** An instant as SQL takes it. */
export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
