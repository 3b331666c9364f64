import sql from 'sql-template-tag';
import type { AppId, ClusterId } from '@fairlead/shared/kernel';
import type { Db } from '../../../platform/database/pool.ts';
import type { StoredTrace, TargetOutcome } from '../application/reading.store.ts';
import type { ReadTrace } from '../domain/render-trace.ts';

interface TraceRow {
  cluster_id: ClusterId;
  paths: { fingerprint: string; trace: ReadTrace };
  outcome: TargetOutcome;
}

export async function readTraces(db: Db, app: AppId): Promise<Map<ClusterId, StoredTrace>> {
  const { rows } = await db.query<TraceRow>(sql`
    select cluster_id, paths, outcome from render_traces where app_id = ${app}`);
  return new Map(rows.map((row) => [row.cluster_id, { ...row.paths, outcome: row.outcome }]));
}

export async function saveTraces(
  db: Db,
  { app, commit, traces }: { app: AppId; commit: string; traces: ReadonlyMap<ClusterId, StoredTrace> },
): Promise<void> {
  const entries = [...traces.values()];
  const paths = entries.map(({ fingerprint, trace }) => JSON.stringify({ fingerprint, trace }));
  await db.query(sql`
    insert into render_traces (app_id, cluster_id, commit, paths, outcome)
    select ${app}, cluster_id, ${commit}, paths, outcome
    from unnest(${[...traces.keys()]}::bigint[], 
      ${paths}::jsonb[], ${entries.map((each) => JSON.stringify(each.outcome))}::jsonb[])
      as t (cluster_id, paths, outcome)
    on conflict (app_id, cluster_id) do update
      set commit = excluded.commit, paths = excluded.paths, outcome = excluded.outcome`);
}
