import sql, { type Sql } from 'sql-template-tag';
import type { Db } from '../../../platform/database/pool.ts';
import type { StoredRollout } from '../application/rollout.store.ts';
import { rowsToRollout, type RolloutRow, type TargetRow, type WaveRow } from './rollout-rows.ts';

/** States in which a rollout is not over. */
export const openStates = ['planned', 'awaitingStart', 'running', 'paused', 'halted', 'superseding', 'rollingBack'];

/** One rollout with waves and targets, as the machine takes it. */
export async function readRollout(
  db: Db,
  which: { id: number } | { openInGroup: number },
): Promise<StoredRollout | null> {
  const where: Sql =
    'id' in which
      ? sql`r.id = ${which.id}`
      : sql`r.group_id = ${which.openInGroup} and r.state = any(${openStates}) order by r.id desc limit 1`;
  const { rows } = await db.query<RolloutRow>(sql`
    select r.id, r.group_id, g.name as group_name, r.release_id, r.kind, r.state, r.reason, r.since, r.strategy,
      rel.app_order, r.memory, r.version
    from rollouts r join app_groups g on g.id = r.group_id join releases rel on rel.id = r.release_id
    where ${where}`);
  const [row] = rows;
  if (!row) return null;
  const waves = await db.query<WaveRow>(sql`
    select ordinal, name, state, reason, since, soak_started_at
    from rollout_waves where rollout_id = ${row.id} order by ordinal`);
  const targets = await db.query<TargetRow>(sql`
    select t.app_id, a.name as app_name, t.cluster_id, c.name as cluster_name, t.wave, t.state, t.reason, t.since,
      t.digest, t.previous_digest, t.previous_release_id, t.counter, t.touched, t.frozen, t.received_at,
      t.unhealthy_since, t.failure
    from rollout_targets t join apps a on a.id = t.app_id join clusters c on c.id = t.cluster_id
    where t.rollout_id = ${row.id} order by t.wave, c.name, a.name`);
  return { rollout: rowsToRollout(row, waves.rows, targets.rows), version: row.version };
}
