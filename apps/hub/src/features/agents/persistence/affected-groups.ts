import sql from 'sql-template-tag';
import type { ClusterId } from '@fairlead/shared/kernel';
import { remind } from '../../../platform/database/outbox.ts';
import type { Tx } from '../../../platform/database/pool.ts';

/** Wakes every group that has something on the cluster, is rolling out to it, or whose newest release names it. */
export async function remindGroupsOn(tx: Tx, clusterIds: readonly ClusterId[]): Promise<void> {
  const { rows } = await tx.query<{ group_id: number }>(sql`
    select p.group_id from assignments a join apps p on p.id = a.app_id where a.cluster_id = any(${clusterIds})
    union
    select r.group_id from rollouts r join rollout_targets t on t.rollout_id = r.id
    where r.finished_at is null and t.cluster_id = any(${clusterIds})
    union
    select r.group_id from app_groups g
    join releases r on r.group_id = g.id and r.number = g.last_release_number
    join release_targets t on t.release_id = r.id
    where t.cluster_id = any(${clusterIds})
    order by group_id`);
  for (const { group_id: groupId } of rows) await remind(tx, 'advance-group', groupId);
}
