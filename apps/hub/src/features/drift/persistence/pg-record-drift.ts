import sql from 'sql-template-tag';
import { signal } from '../../../platform/database/outbox.ts';
import type { Tx } from '../../../platform/database/pool.ts';
import type { RecordDrift, TargetDrift } from '../application/record-drift.ts';

export const recordDrift: RecordDrift = async (tx, drift) => {
  // A field may have closed and drifted again within one message, or drifted and closed. Closing looks at when an item was
  // first seen, so doing it on both sides of opening gives the right end for either.
  const before = await closeItems(tx, drift);
  const opened = await openItems(tx, drift);
  const after = opened === 0 ? 0 : await closeItems(tx, drift);
  const refreshed = await refreshItems(tx, drift);
  const closed = before + after;
  if (opened + closed + refreshed > 0) await signal(tx, 'drift-events', drift.clusterId);
  return { opened, closed };
};

async function closeItems(tx: Tx, { appId, clusterId, closed }: TargetDrift): Promise<number> {
  if (closed.length === 0) return 0;
  const { rowCount } = await tx.query(sql`
    update drift_items d set state = c.outcome, closed_at = c.at, changed_in = pg_current_xact_id()
    from jsonb_to_recordset(${JSON.stringify(closed)}::jsonb) as c (object text, path text, outcome text, at timestamptz)
    where d.app_id = ${appId} and d.cluster_id = ${clusterId} and d.object_id = c.object and d.path = c.path
      and d.state = 'open' and d.first_seen_at <= c.at`);
  return rowCount ?? 0;
}

async function openItems(tx: Tx, { appId, clusterId, opened }: TargetDrift): Promise<number> {
  if (opened.length === 0) return 0;
  // Nothing happens for a field that is open already, nor for an occurrence that was recorded before, open or closed.
  const { rowCount } = await tx.query(sql`
    insert into drift_items (app_id, cluster_id, object_id, path, change, desired, live, manager, operation, manager_at,
      confidence, contended, first_seen_at)
    select ${appId}, ${clusterId}, o.object, o.path, o.change, o.desired, o.live, o.manager, o.operation, o."managerAt",
      o.confidence, o.contended, o."firstSeenAt"
    from jsonb_to_recordset(${JSON.stringify(opened)}::jsonb) as o (object text, path text, change text, desired jsonb,
      live jsonb, manager text, operation text, "managerAt" timestamptz, confidence text, contended boolean,
      "firstSeenAt" timestamptz)
    on conflict do nothing`);
  return rowCount ?? 0;
}

async function refreshItems(tx: Tx, { appId, clusterId, opened }: TargetDrift): Promise<number> {
  if (opened.length === 0) return 0;
  // An open field that drifted further, or whose editor became known.
  const { rowCount } = await tx.query(sql`
    update drift_items d set change = o.change, desired = o.desired, live = o.live, manager = o.manager,
      operation = o.operation, manager_at = o."managerAt", confidence = o.confidence,
      contended = o.contended, changed_in = pg_current_xact_id()
    from jsonb_to_recordset(${JSON.stringify(opened)}::jsonb) as o (object text, path text, change text, desired jsonb,
      live jsonb, manager text, operation text, "managerAt" timestamptz, confidence text, contended boolean,
      "firstSeenAt" timestamptz)
    where d.app_id = ${appId} and d.cluster_id = ${clusterId} and d.object_id = o.object and d.path = o.path
      and d.state = 'open' and d.first_seen_at <= o."firstSeenAt"
      and (d.change, d.desired, d.live, d.manager, d.operation, d.manager_at, d.confidence, d.contended) is distinct from
        (o.change, o.desired, o.live, o.manager, o.operation, o."managerAt", o.confidence, o.contended)`);
  return rowCount ?? 0;
}
