import sql from 'sql-template-tag';
import { z } from 'zod';
import type { AgentReport } from '@fairlead/shared/contracts';
import type { AppId, ClusterId, GroupId } from '@fairlead/shared/kernel';
import type { Tx } from '../../../platform/database/pool.ts';
import { afterReport, isDecisive, type Assigned, type TargetStatus } from '../domain/target-status.ts';

/** An assigned target with its last known status, locked for this transaction. */
export interface LockedTarget {
  appId: AppId;
  groupId: GroupId;
  assigned: Assigned;
  status: TargetStatus | null;
}

interface TargetRow {
  app_id: AppId;
  name: string;
  group_id: GroupId;
  assigned_counter: number;
  assigned_digest: string;
  epoch: number | null;
  counter: number;
  digest: string;
  phase: TargetStatus['phase'];
  permanent: boolean;
  message: string | null;
  health: string;
  failing: unknown;
  counts: unknown;
  open_drift: number;
  unmanaged: number;
  contended: number;
  prune_hold: unknown;
  notices: unknown;
  received_at: Date;
  applied_at: Date | null;
  reported_at: Date;
}

const Failures = z.array(
  z.object({
    object: z.string(),
    reason: z.string(),
    message: z.string(),
    pods: z.array(z.unknown()).nullable().default(null),
  }),
);
const Notices = z.array(z.unknown());
const Counts = z.record(z.string(), z.number());

/** Targets of a cluster by app name. Only what is assigned to it is found: an agent cannot speak for others. */
export async function lockTargets(tx: Tx, clusterId: ClusterId, apps: string[]): Promise<Map<string, LockedTarget>> {
  const { rows } = await tx.query<TargetRow>(sql`
    select a.app_id, p.name, p.group_id, a.counter as assigned_counter, a.digest as assigned_digest,
      s.epoch, s.counter, s.digest, s.phase, s.permanent, s.message, s.health, s.failing, s.counts, s.open_drift,
      s.unmanaged, s.contended, s.prune_hold, s.notices, s.received_at, s.applied_at, s.reported_at
    from assignments a
    join apps p on p.id = a.app_id
    left join target_status s on s.app_id = a.app_id and s.cluster_id = a.cluster_id
    where a.cluster_id = ${clusterId} and p.name = any(${apps})
    order by a.app_id`);
  return new Map(rows.map((row) => [row.name, rowToTarget(row)]));
}

function rowToTarget(row: TargetRow): LockedTarget {
  return {
    appId: row.app_id,
    groupId: row.group_id,
    assigned: { counter: row.assigned_counter, digest: row.assigned_digest },
    status: row.epoch === null ? null : { ...rowToStatus(row), epoch: row.epoch },
  };
}

function rowToStatus(row: TargetRow): Omit<TargetStatus, 'epoch'> {
  return {
    counter: row.counter,
    digest: row.digest,
    phase: row.phase,
    permanent: row.permanent,
    message: row.message,
    health: row.health,
    failing: Failures.parse(row.failing),
    counts: Counts.parse(row.counts),
    openDrift: row.open_drift,
    unmanaged: row.unmanaged,
    contended: row.contended,
    pruneHold: row.prune_hold,
    notices: Notices.parse(row.notices),
    receivedAtMs: row.received_at.getTime(),
    appliedAtMs: row.applied_at?.getTime() ?? null,
    reportedAtMs: row.reported_at.getTime(),
  };
}

/** Applies reports to the targets they are about. Gives the groups whose rollouts should look, and writes what changed. */
export async function applyReports(
  tx: Tx,
  {
    clusterId,
    targets,
    reports,
    nowMs,
  }: {
    clusterId: ClusterId;
    targets: Map<string, LockedTarget>;
    reports: readonly Exclude<AgentReport, { type: 'drift' }>[];
    nowMs: number;
  },
): Promise<Set<GroupId>> {
  const groups = new Set<GroupId>();
  const changed = new Set<LockedTarget>();
  for (const report of reports) {
    const target = targets.get(report.app);
    const next = target && afterReport(target.status, report, { assigned: target.assigned, nowMs });
    if (!next) continue;
    if (isDecisive(target.status, next)) groups.add(target.groupId);
    target.status = next;
    changed.add(target);
  }
  for (const { appId, status } of changed) if (status) await write(tx, { appId, clusterId, status });
  return groups;
}

async function write(
  tx: Tx,
  { appId, clusterId, status }: { appId: AppId; clusterId: ClusterId; status: TargetStatus },
): Promise<void> {
  const pruneHold = status.pruneHold === null ? null : JSON.stringify(status.pruneHold);
  const appliedAt = status.appliedAtMs === null ? null : new Date(status.appliedAtMs);
  await tx.query(sql`
    insert into target_status (app_id, cluster_id, epoch, counter, digest, phase, permanent, message, health, failing,
      counts, open_drift, unmanaged, contended, prune_hold, notices, received_at, applied_at, reported_at)
    values (${appId}, ${clusterId}, ${status.epoch}, ${status.counter}, ${status.digest}, ${status.phase},
      ${status.permanent}, ${status.message}, ${status.health}, ${JSON.stringify(status.failing)},
      ${JSON.stringify(status.counts)}, ${status.openDrift}, ${status.unmanaged}, ${status.contended},
      ${pruneHold}, ${JSON.stringify(status.notices)}, ${new Date(status.receivedAtMs)}, ${appliedAt},
      ${new Date(status.reportedAtMs)})
    on conflict (app_id, cluster_id) do update set epoch = excluded.epoch, counter = excluded.counter,
      digest = excluded.digest, phase = excluded.phase, permanent = excluded.permanent, message = excluded.message,
      health = excluded.health, failing = excluded.failing, counts = excluded.counts, open_drift = excluded.open_drift,
      unmanaged = excluded.unmanaged, contended = excluded.contended, prune_hold = excluded.prune_hold,
      notices = excluded.notices, received_at = excluded.received_at, applied_at = excluded.applied_at,
      reported_at = excluded.reported_at
    where (target_status.epoch, target_status.counter) <= (excluded.epoch, excluded.counter)`);
}
