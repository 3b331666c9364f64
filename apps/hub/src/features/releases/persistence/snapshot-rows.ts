import sql from 'sql-template-tag';
import type { Db } from '../../../platform/database/pool.ts';
import type { SnapshotObjects } from '../domain/target-changes.ts';

/** What is in snapshots, by their digests: object id -> digest of its content. */
export async function listObjects(db: Db, digests: readonly string[]): Promise<Map<string, SnapshotObjects>> {
  const { rows } = await db.query<{ digest: string; ids: string[]; blobs: string[] }>(sql`
    select snapshot_digest as digest, array_agg(object_id order by ordinal) as ids,
      array_agg(blob_digest order by ordinal) as blobs
    from snapshot_objects where snapshot_digest = any (${digests}::text[]) group by snapshot_digest`);
  return new Map(
    rows.map(({ digest, ids, blobs }) => [digest, new Map(ids.map((id, index) => [id, blobs[index] ?? '']))]),
  );
}
