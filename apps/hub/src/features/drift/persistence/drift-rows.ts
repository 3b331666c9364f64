import sql from 'sql-template-tag';
import type { DriftItem } from '@fairlead/shared/contracts';

export interface DriftRow {
  id: number;
  app: string;
  cluster: string;
  object_id: string;
  path: string;
  change: DriftItem['change'];
  desired: DriftItem['desired'];
  live: DriftItem['live'];
  manager: string | null;
  operation: string | null;
  manager_at: Date | null;
  confidence: DriftItem['confidence'];
  contended: boolean;
  state: DriftItem['state'];
  first_seen_at: Date;
  closed_at: Date | null;
}

/** `d` is the item, `a` its app, `c` its cluster. */
export const driftColumns = sql`d.id, a.name as app, c.name as cluster, d.object_id, d.path, d.change, d.desired, d.live,
  d.manager, d.operation, d.manager_at, d.confidence, d.contended, d.state, d.first_seen_at, d.closed_at`;

export const driftTables = sql`drift_items d join apps a on a.id = d.app_id join clusters c on c.id = d.cluster_id`;

export function rowToDriftItem(row: DriftRow): DriftItem {
  return {
    id: row.id,
    app: row.app,
    cluster: row.cluster,
    object: row.object_id,
    path: row.path,
    change: row.change,
    contended: row.contended,
    desired: row.desired,
    live: row.live,
    manager: row.manager,
    operation: row.operation,
    managerAt: row.manager_at?.toISOString() ?? null,
    confidence: row.confidence,
    state: row.state,
    firstSeenAt: row.first_seen_at.toISOString(),
    closedAt: row.closed_at?.toISOString() ?? null,
  };
}
