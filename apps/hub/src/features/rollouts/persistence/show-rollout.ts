import sql, { join, type Sql } from 'sql-template-tag';
import type { Rollout, RolloutTarget, RolloutWave, TargetHealth } from '@fairlead/shared/contracts';
import type { Db } from '../../../platform/database/pool.ts';
import { parseStrategy } from './rollout-rows.ts';

interface ShownRolloutRow {
  id: number;
  group_name: string;
  kind: Rollout['kind'];
  release_id: number;
  number: number;
  commit: string;
  subject: string;
  state: Rollout['state'];
  reason: string | null;
  since: Date;
  started_by: string;
  plan_hash: string;
  version: number;
  strategy: unknown;
  created_at: Date;
  finished_at: Date | null;
}

interface ShownWaveRow {
  rollout_id: number;
  ordinal: number;
  name: string;
  state: RolloutWave['state'];
  reason: string | null;
  since: Date;
  soak_started_at: Date | null;
  clusters: string[];
  total: number;
  done: number;
  in_flight: number;
  failed: number;
  pending: number;
  offline: number;
}

/** Rollouts by conditions, newest first, with their waves. */
export async function readShownRollouts(
  db: Db,
  { where, limit }: { where: readonly Sql[]; limit: number },
): Promise<Rollout[]> {
  const { rows } = await db.query<ShownRolloutRow>(sql`
    select r.id, g.name as group_name, r.kind, r.release_id, rel.number, rel.commit, rel.subject, r.state, r.reason,
      r.since, r.started_by, r.plan_hash, r.version, r.strategy, r.created_at, r.finished_at
    from rollouts r join app_groups g on g.id = r.group_id join releases rel on rel.id = r.release_id
    where ${join([sql`true`, ...where], ' and ')}
    order by r.id desc limit ${limit}`);
  const waves = Map.groupBy(
    await readWaveRows(
      db,
      rows.map((row) => row.id),
    ),
    (wave) => wave.rollout_id,
  );
  return rows.map((row) => rowToRollout(row, waves.get(row.id) ?? []));
}

// A cluster is counted once, by the worst that is true of any of its targets.
async function readWaveRows(db: Db, ids: readonly number[]): Promise<ShownWaveRow[]> {
  const { rows } = await db.query<ShownWaveRow>(sql`
    with per_cluster as (
      select t.rollout_id, t.wave, c.name,
        bool_or(t.state in ('failed', 'rollbackFailed')) as is_failed,
        bool_or(t.state = 'offline') as is_offline,
        bool_or(t.state in ('assigned', 'received', 'applied', 'healthy', 'rollingBack'))
          or (bool_or(t.touched) and bool_or(t.state = 'pending')) as is_in_flight,
        bool_or(t.state = 'pending') as is_pending,
        bool_or(t.state = 'done') and bool_and(t.state in ('done', 'left')) as is_done
      from rollout_targets t join clusters c on c.id = t.cluster_id
      where t.rollout_id = any(${[...ids]})
      group by t.rollout_id, t.wave, c.name
    )
    select w.rollout_id, w.ordinal, w.name, w.state, w.reason, w.since, w.soak_started_at,
      coalesce(array_agg(p.name order by p.name) filter (where p.name is not null), '{}') as clusters,
      count(p.name) as total,
      count(*) filter (where p.is_done) as done,
      count(*) filter (where p.is_failed) as failed,
      count(*) filter (where p.is_offline and not p.is_failed) as offline,
      count(*) filter (where p.is_in_flight and not p.is_failed and not p.is_offline) as in_flight,
      count(*) filter (where p.is_pending and not p.is_in_flight and not p.is_failed and not p.is_offline) as pending
    from rollout_waves w left join per_cluster p on p.rollout_id = w.rollout_id and p.wave = w.ordinal
    where w.rollout_id = any(${[...ids]})
    group by w.rollout_id, w.ordinal
    order by w.rollout_id, w.ordinal`);
  return rows;
}

function rowToRollout(row: ShownRolloutRow, waves: ShownWaveRow[]): Rollout {
  const strategy = parseStrategy(row.strategy);
  const soakMs = new Map(strategy.waves.map((wave) => [wave.name, wave.soakMs]));
  return {
    id: row.id,
    group: row.group_name,
    kind: row.kind,
    release: { id: row.release_id, number: row.number, commit: row.commit, subject: row.subject },
    state: row.state,
    reason: row.reason,
    since: row.since.toISOString(),
    startedBy: row.started_by,
    planHash: row.plan_hash,
    version: row.version,
    waves: waves.map((wave) => rowToWave(wave, soakMs.get(wave.name) ?? 0)),
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}

function rowToWave(row: ShownWaveRow, soakMs: number): RolloutWave {
  const { ordinal, name, state, reason, clusters, total, done, failed, pending, offline } = row;
  const startedAt = row.soak_started_at;
  return {
    ordinal,
    name,
    state,
    reason,
    since: row.since.toISOString(),
    clusters,
    counts: { total, done, inFlight: row.in_flight, failed, pending, offline },
    soakUntil: startedAt === null ? null : new Date(startedAt.getTime() + soakMs).toISOString(),
  };
}

interface ShownTargetRow {
  app_id: number;
  cluster_id: number;
  app: string;
  cluster: string;
  wave: number;
  state: RolloutTarget['state'];
  reason: string | null;
  since: Date;
  digest: string;
  previous_digest: string | null;
  counter: number | null;
  health: TargetHealth;
}

/** Targets of a rollout behind a position, in the order of waves. */
export async function readShownTargets(
  db: Db,
  page: { id: number; after: readonly [number, number, number] | null; limit: number; liveSince: string },
): Promise<{ item: RolloutTarget; position: string }[]> {
  const [wave, clusterId, appId] = page.after ?? [-1, 0, 0];
  const { rows } = await db.query<ShownTargetRow>(sql`
    select t.app_id, t.cluster_id, a.name as app, c.name as cluster, t.wave, t.state, t.reason, t.since, t.digest,
      t.previous_digest, t.counter,
      case when st.counter = t.counter and st.epoch = s.epoch and s.disconnected_at is null
        and s.last_heartbeat_at > ${page.liveSince} then st.health else 'unknown' end as health
    from rollout_targets t
    join apps a on a.id = t.app_id
    join clusters c on c.id = t.cluster_id
    left join agent_sessions s on s.cluster_id = t.cluster_id
    left join target_status st on st.app_id = t.app_id and st.cluster_id = t.cluster_id
    where t.rollout_id = ${page.id} and (t.wave, t.cluster_id, t.app_id) > (${wave}::integer, ${clusterId}::bigint, ${appId}::bigint)
    order by t.wave, t.cluster_id, t.app_id limit ${page.limit}`);
  return rows.map((row) => {
    const { app, cluster, state, reason, digest, counter, health } = row;
    const since = row.since.toISOString();
    const previousDigest = row.previous_digest;
    return {
      item: { app, cluster, wave: row.wave, state, reason, since, digest, previousDigest, counter, health },
      position: `${row.wave}.${row.cluster_id}.${row.app_id}`,
    };
  });
}
