import sql from 'sql-template-tag';
import { z } from 'zod';
import type { Db } from '../../../platform/database/pool.ts';
import type { WorldRows } from '../application/rollout.store.ts';
import type { ClusterConnection, CurrentAssignment, Health, Member, TargetReport } from '../domain/observations.ts';
import { targetKey, type Rollout, type TargetKey } from '../domain/rollout.types.ts';

const Failing = z.array(z.object({ object: z.string(), reason: z.string(), message: z.string() }));
const Labels = z.record(z.string(), z.string());

export interface ConnectionRow {
  id: number;
  name: string;
  labels: unknown;
  created_at: Date;
  revoked_at: Date | null;
  epoch: number | null;
  connected_at: Date | null;
  last_heartbeat_at: Date | null;
  disconnected_at: Date | null;
}

interface EntryRow {
  app_id: number;
  app_name: string;
  cluster_id: number;
  snapshot_digest: string;
  assigned_digest: string | null;
  assigned_release_id: number | null;
  assigned_counter: number | null;
  assigned_mode: CurrentAssignment['mode'] | null;
  settings_match: boolean | null;
  epoch: number | null;
  reported_counter: number | null;
  reported_digest: string | null;
  phase: TargetReport['phase'] | null;
  permanent: boolean | null;
  message: string | null;
  health: Health | null;
  failing: unknown;
  received_at: Date | null;
  reported_at: Date | null;
}

/** Every cluster with its newest session. */
export async function readConnections(db: Db, liveSince: number): Promise<ClusterConnection[]> {
  const { rows } = await db.query<ConnectionRow>(sql`
    select c.id, c.name, c.labels, c.created_at, c.revoked_at, s.epoch, s.connected_at, s.last_heartbeat_at, s.disconnected_at
    from clusters c left join agent_sessions s on s.cluster_id = c.id`);
  return rows.map((row) => rowToConnection(row, liveSince));
}

function rowToConnection(row: ConnectionRow, liveSince: number): ClusterConnection {
  const heartbeatAt = row.last_heartbeat_at?.getTime() ?? 0;
  const live = row.connected_at !== null && row.disconnected_at === null && heartbeatAt > liveSince;
  const silentSince = row.disconnected_at ?? row.last_heartbeat_at ?? row.created_at;
  return {
    id: row.id,
    name: row.name,
    labels: Labels.parse(row.labels),
    live: live && row.revoked_at === null,
    since: (live && row.connected_at ? row.connected_at : silentSince).getTime(),
    epoch: row.epoch ?? 0,
    removed: row.revoked_at !== null,
  };
}

/** What is known about everything the release of a rollout names. */
export async function readWorld(db: Db, rollout: Rollout, liveSince: number): Promise<WorldRows> {
  const connections = await readConnections(db, liveSince);
  const { rows } = await db.query<EntryRow>(sql`
    select rt.app_id, a.name as app_name, rt.cluster_id, rt.snapshot_digest,
      n.digest as assigned_digest, n.release_id as assigned_release_id, n.counter as assigned_counter,
      n.mode as assigned_mode, n.settings = rt.settings as settings_match,
      s.epoch, s.counter as reported_counter, s.digest as reported_digest, s.phase, s.permanent, s.message, s.health,
      s.failing, s.received_at, s.reported_at
    from release_targets rt
    join apps a on a.id = rt.app_id
    left join assignments n on n.app_id = rt.app_id and n.cluster_id = rt.cluster_id
    left join target_status s on s.app_id = rt.app_id and s.cluster_id = rt.cluster_id
    where rt.release_id = ${rollout.releaseId}`);
  const quarantined = await db.query<{ app_id: number; cluster_id: number; digest: string }>(sql`
    select app_id, cluster_id, digest from quarantines where group_id = ${rollout.groupId} and released_at is null`);
  const members: Member[] = [];
  const assignments = new Map<TargetKey, CurrentAssignment>();
  const reports = new Map<TargetKey, TargetReport>();
  for (const row of rows) {
    const key = targetKey({ appId: row.app_id, clusterId: row.cluster_id });
    members.push({ appId: row.app_id, app: row.app_name, clusterId: row.cluster_id, digest: row.snapshot_digest });
    const assignment = rowToAssignment(row);
    if (assignment) assignments.set(key, assignment);
    const report = rowToReport(row);
    if (report) reports.set(key, report);
  }
  return {
    clusters: new Map(connections.map((connection) => [connection.id, connection])),
    reports,
    assignments,
    members,
    quarantined: new Set(
      quarantined.rows.map(
        (row) => `${targetKey({ appId: row.app_id, clusterId: row.cluster_id })}@${row.digest}` as const,
      ),
    ),
  };
}

function rowToAssignment(row: EntryRow): CurrentAssignment | null {
  const {
    assigned_digest: digest,
    assigned_release_id: releaseId,
    assigned_counter: counter,
    assigned_mode: mode,
  } = row;
  if (digest === null || releaseId === null || counter === null || mode === null) return null;
  return { digest, releaseId, counter, mode, settingsMatch: row.settings_match === true };
}

function rowToReport(row: EntryRow): TargetReport | null {
  const { reported_counter: counter, reported_digest: digest, epoch, phase, received_at, reported_at } = row;
  if (counter === null || digest === null || epoch === null || phase === null || !received_at || !reported_at)
    return null;
  return {
    counter,
    digest,
    epoch,
    phase,
    permanent: row.permanent === true,
    message: row.message,
    health: row.health ?? 'unknown',
    failing: Failing.parse(row.failing ?? []),
    receivedAt: received_at.getTime(),
    reportedAt: reported_at.getTime(),
  };
}
