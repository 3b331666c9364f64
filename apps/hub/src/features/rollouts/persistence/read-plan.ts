import sql from 'sql-template-tag';
import { readTargetSettings } from '@fairlead/shared/contracts';
import type { Db } from '../../../platform/database/pool.ts';
import type { PlanEntry, SnapshotContent } from '../application/rollout.store.ts';

interface PlanRow {
  app_id: number;
  app_name: string;
  cluster_id: number;
  snapshot_digest: string;
  settings: unknown;
  from_digest: string | null;
  from_release_id: number | null;
  is_unchanged: boolean;
  is_quarantined: boolean;
}

/** The entries of a release on clusters that are still there, each beside what the target has now. */
export async function readPlanEntries(db: Db, releaseId: number): Promise<PlanEntry[]> {
  const { rows } = await db.query<PlanRow>(sql`
    select rt.app_id, a.name as app_name, rt.cluster_id, rt.snapshot_digest, rt.settings,
      n.digest as from_digest, n.release_id as from_release_id,
      coalesce(n.digest = rt.snapshot_digest and n.mode = 'reconcile' and n.settings = rt.settings, false) as is_unchanged,
      exists (select from quarantines q where q.app_id = rt.app_id and q.cluster_id = rt.cluster_id
        and q.digest = rt.snapshot_digest and q.released_at is null) as is_quarantined
    from release_targets rt
    join apps a on a.id = rt.app_id
    join clusters c on c.id = rt.cluster_id and c.revoked_at is null
    left join assignments n on n.app_id = rt.app_id and n.cluster_id = rt.cluster_id
    where rt.release_id = ${releaseId}
    order by a.name, c.name`);
  return rows.map((row) => ({
    appId: row.app_id,
    app: row.app_name,
    clusterId: row.cluster_id,
    from:
      row.from_digest === null || row.from_release_id === null
        ? null
        : { digest: row.from_digest, releaseId: row.from_release_id },
    to: row.snapshot_digest,
    isUnchanged: row.is_unchanged,
    isQuarantined: row.is_quarantined,
    prune: readTargetSettings(row.settings).prune,
  }));
}

/** Objects of snapshots: key -> blob digest. */
export async function readSnapshots(db: Db, digests: readonly string[]): Promise<ReadonlyMap<string, SnapshotContent>> {
  const { rows } = await db.query<{ snapshot_digest: string; object_id: string; blob_digest: string }>(sql`
    select snapshot_digest, object_id, blob_digest from snapshot_objects where snapshot_digest = any(${[...digests]})`);
  const contents = new Map<string, { objects: Map<string, string> }>();
  for (const row of rows) {
    const content = contents.get(row.snapshot_digest) ?? { objects: new Map<string, string>() };
    content.objects.set(row.object_id, row.blob_digest);
    contents.set(row.snapshot_digest, content);
  }
  return contents;
}

/** Per app of the group: how many clusters run it, and how many of them the release does not name. */
export async function readCoverage(
  db: Db,
  groupId: number,
  releaseId: number,
): Promise<{ app: string; clusters: number; withoutEntry: number }[]> {
  const { rows } = await db.query<{ app: string; clusters: number; without_entry: number }>(sql`
    select a.name as app, count(*) as clusters,
      count(*) filter (where rt.release_id is null) as without_entry
    from apps a
    join assignments n on n.app_id = a.id
    join clusters c on c.id = n.cluster_id and c.revoked_at is null
    left join release_targets rt on rt.release_id = ${releaseId} and rt.app_id = a.id and rt.cluster_id = n.cluster_id
    where a.group_id = ${groupId}
    group by a.name order by a.name`);
  return rows.map((row) => ({ app: row.app, clusters: row.clusters, withoutEntry: row.without_entry }));
}
