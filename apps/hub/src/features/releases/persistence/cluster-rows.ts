import sql from 'sql-template-tag';
import type { Db } from '../../../platform/database/pool.ts';
import type { RenderCluster } from '../application/reading.store.ts';

/** Clusters that are not revoked, by name. */
export async function listClusters(db: Db): Promise<RenderCluster[]> {
  const { rows } = await db.query<RenderCluster>(sql`
    select id, name, labels, annotations, kubernetes_version as "kubernetesVersion"
    from clusters where revoked_at is null order by name`);
  return rows;
}
