import sql from 'sql-template-tag';
import type { Db } from '../../../platform/database/pool.ts';
import type { RenderedApp } from '../application/renderer.ts';

/** Stores blobs and snapshots that are not there yet. Sorted, so that two writers cannot deadlock on each other's rows. */
export async function saveContent(db: Db, content: Pick<RenderedApp, 'snapshots' | 'blobs'>): Promise<void> {
  const blobs = [...content.blobs].sort((a, b) => (a.digest < b.digest ? -1 : 1));
  const snapshots = [...content.snapshots].sort((a, b) => (a.digest < b.digest ? -1 : 1));
  await db.query(sql`
    insert into blobs (digest, content)
    select digest, content
    from unnest(${blobs.map((each) => each.digest)}::text[], ${blobs.map((each) => Buffer.from(each.content))}::bytea[])
      as t (digest, content)
    on conflict do nothing`);
  const { rows: added } = await db.query<{ digest: string }>(sql`
    insert into snapshots (digest, object_count, explanations)
    select digest, object_count, explanations
    from unnest(${snapshots.map((each) => each.digest)}::text[], ${snapshots.map((each) => each.objects.length)}::integer[],
      ${snapshots.map((each) => JSON.stringify(each.explanations))}::jsonb[])
      as t (digest, object_count, explanations)
    on conflict do nothing returning digest`);
  const known = snapshots.filter(({ digest }) => !added.some((each) => each.digest === digest));
  if (known.length > 0) await renewExplanations(db, known);
  // Another writer's snapshot comes with its objects in the other's transaction.
  const fresh = new Set(added.map(({ digest }) => digest));
  const objects = snapshots
    .filter(({ digest }) => fresh.has(digest))
    .flatMap((snapshot) =>
      snapshot.objects.map((object, ordinal) => ({ snapshot: snapshot.digest, ordinal, ...object })),
    );
  await db.query(sql`
    insert into snapshot_objects (snapshot_digest, ordinal, object_id, blob_digest)
    select snapshot_digest, ordinal, object_id, blob_digest
    from unnest(${objects.map((each) => each.snapshot)}::text[], ${objects.map((each) => each.ordinal)}::integer[],
      ${objects.map((each) => each.id)}::text[], ${objects.map((each) => each.digest)}::text[])
      as t (snapshot_digest, ordinal, object_id, blob_digest)`);
}

/** The same objects may come from other lines by now: the newest render says so. */
async function renewExplanations(db: Db, snapshots: RenderedApp['snapshots']): Promise<void> {
  await db.query(sql`
    update snapshots s set explanations = t.explanations
    from unnest(${snapshots.map((each) => each.digest)}::text[],
      ${snapshots.map((each) => JSON.stringify(each.explanations))}::jsonb[]) as t (digest, explanations)
    where s.digest = t.digest and s.explanations <> t.explanations`);
}
