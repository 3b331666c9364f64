import sql, { type Sql } from 'sql-template-tag';
import type { DriftGrouping } from '../application/drift.store.ts';

// `object_id` is group/kind/namespace/name; the core group is empty and left out.
const kindOf = sql`concat_ws('.', split_part(d.object_id, '/', 2), nullif(split_part(d.object_id, '/', 1), ''))`;

const groupKeys: Record<DriftGrouping, Sql> = {
  app: sql`a.name`,
  cluster: sql`c.name`,
  kind: kindOf,
  path: sql`d.path`,
  manager: sql`coalesce(d.manager, '')`,
};

const isManaged = sql`(d.change <> 'unmanaged')`;

/** Items that were open at some time since then. */
function wasOpenSince(since: string | null): Sql {
  return since === null ? sql`true` : sql`(d.state = 'open' or d.closed_at >= ${since}::timestamptz)`;
}

export function statesQuery(since: string | null): Sql {
  return sql`
    select count(*) filter (where d.state = 'open' and ${isManaged}) as open,
      count(*) filter (where d.state = 'corrected' and ${isManaged}) as corrected,
      count(*) filter (where d.state = 'reverted' and ${isManaged}) as reverted,
      count(*) filter (where d.state = 'superseded' and ${isManaged}) as superseded,
      count(*) filter (where d.state = 'open' and not ${isManaged}) as unmanaged, now() as as_of
    from drift_items d where ${wasOpenSince(since)}`;
}

export function groupsQuery(request: { groupBy: DriftGrouping; since: string | null; limit: number }): Sql {
  return sql`
    select ${groupKeys[request.groupBy]} as key, count(*) filter (where d.state = 'open') as open,
      count(*) filter (where d.state = 'corrected') as corrected,
      count(*) filter (where d.state not in ('open', 'corrected')) as other,
      count(distinct d.cluster_id) as clusters, min(d.first_seen_at) as oldest_first_seen_at
    from drift_items d join apps a on a.id = d.app_id join clusters c on c.id = d.cluster_id
    where ${wasOpenSince(request.since)} and ${isManaged}
    group by 1 order by open desc, corrected desc, key limit ${request.limit}`;
}

export function identicalQuery(limit: number): Sql {
  return sql`
    select d.object_id, d.path, d.live, count(distinct d.cluster_id) as clusters
    from drift_items d where d.state = 'open' and ${isManaged}
    group by d.object_id, d.path, d.live having count(distinct d.cluster_id) > 1
    order by clusters desc, d.object_id, d.path limit ${limit}`;
}
