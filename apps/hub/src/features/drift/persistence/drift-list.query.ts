import sql, { empty, join, type Sql } from 'sql-template-tag';
import type { DriftFilter } from '../application/drift.store.ts';
import type { ListPosition, StreamPosition } from '../domain/drift-cursor.ts';
import { driftColumns, driftTables } from './drift-rows.ts';

/** One page of items, latest first seen first. */
export function listQuery(page: { filter: DriftFilter; after: ListPosition | null; limit: number }): Sql {
  const { filter, after, limit } = page;
  return sql`
    select ${driftColumns},
      to_char(d.first_seen_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as first_seen_exactly
    from ${driftTables}
    ${where([
      ...conditions(filter),
      changeCondition(filter),
      after && sql`(d.first_seen_at, d.id) < (${after.firstSeenAt}::timestamptz, ${after.id})`,
    ])}
    order by d.first_seen_at desc, d.id desc limit ${limit}`;
}

/** Items changed behind a position and before a transaction, in commit order. */
export function changesQuery(request: {
  filter: Pick<DriftFilter, 'app' | 'cluster'>;
  after: StreamPosition;
  beforeTransaction: string;
  limit: number;
}): Sql {
  const { filter, after, beforeTransaction, limit } = request;
  return sql`
    select ${driftColumns}, d.changed_in::text as transaction from ${driftTables}
    ${where([
      ...conditions(filter),
      sql`(d.changed_in, d.id) > (${after.transaction}::xid8, ${after.id})`,
      sql`d.changed_in < ${beforeTransaction}::xid8`,
    ])}
    order by d.changed_in, d.id limit ${limit}`;
}

/**
 * How far a stream may read: only transactions older than every running one. A younger one may have committed already, but an
 * older one may still commit behind it.
 */
export const horizonQuery = sql`
  select pg_snapshot_xmin(pg_current_snapshot())::text as transaction,
    exists (select from drift_items where changed_in >= pg_snapshot_xmin(pg_current_snapshot())) as "isBehind"`;

function conditions(filter: DriftFilter): (Sql | null)[] {
  return [
    filter.app === undefined ? null : sql`d.app_id = (select id from apps where name = ${filter.app})`,
    filter.cluster === undefined ? null : sql`d.cluster_id = (select id from clusters where name = ${filter.cluster})`,
    filter.state === undefined
      ? null
      : filter.state === 'open'
        ? sql`d.state = 'open'`
        : sql`d.state = ${filter.state}`,
    filter.manager === undefined ? null : sql`d.manager = ${filter.manager}`,
    filter.path === undefined ? null : sql`d.path = ${filter.path}`,
    filter.object === undefined ? null : sql`d.object_id = ${filter.object}`,
  ];
}

// What Git says nothing about is no difference from it: shown only to who asks.
function changeCondition({ change, unmanaged }: DriftFilter): Sql | null {
  if (change !== undefined) return sql`d.change = ${change}`;
  return unmanaged === 'true' ? null : sql`d.change <> 'unmanaged'`;
}

function where(parts: (Sql | null)[]): Sql {
  const present = parts.filter((part) => part !== null);
  return present.length === 0 ? empty : sql`where ${join(present, ' and ')}`;
}
