import sql from 'sql-template-tag';
import type { Db } from '../../../platform/database/pool.ts';
import type { GroupDraft, OwnershipConflict } from '../application/reading.store.ts';
import type { DraftTarget } from '../domain/release-draft.ts';

/**
 * Compares the objects of changed targets with those of every other app on the same cluster: the drafts of this reading,
 * and of other groups what their newest release has.
 */
export async function findConflicts(
  db: Db,
  changed: readonly DraftTarget[],
  drafts: readonly GroupDraft[],
): Promise<OwnershipConflict[]> {
  const drafted = drafts.flatMap(({ draft }) => draft.targets);
  const groups = drafts.map(({ group }) => group.id);
  const { rows } = await db.query<OwnershipConflict>(sql`
    with changed as (
      select app, cluster, digest
      from unnest(${changed.map((each) => each.app)}::text[], ${changed.map((each) => each.cluster)}::text[],
        ${changed.map((each) => each.digest)}::text[]) as t (app, cluster, digest)
    ),
    newest as (
      select distinct on (group_id) id from releases where group_id <> all (${groups}::bigint[]) order by group_id, number desc
    ),
    present as (
      select app, cluster, digest
      from unnest(${drafted.map((each) => each.app)}::text[], ${drafted.map((each) => each.cluster)}::text[],
        ${drafted.map((each) => each.digest)}::text[]) as t (app, cluster, digest)
      union all
      select a.name, c.name, rt.snapshot_digest
      from newest n join release_targets rt on rt.release_id = n.id join apps a on a.id = rt.app_id
        join clusters c on c.id = rt.cluster_id
      where a.state <> 'orphan-candidate' and a.group_id <> all (${groups}::bigint[])
        and c.name in (select cluster from changed)
    )
    select own.object_id as object, c.cluster, c.app, p.app as other
    from changed c join present p on p.cluster = c.cluster and p.app <> c.app
      join snapshot_objects own on own.snapshot_digest = c.digest
      join snapshot_objects theirs on theirs.snapshot_digest = p.digest and theirs.object_id = own.object_id
    order by c.cluster, c.app, p.app, own.object_id
    limit 1000`);
  return rows;
}
