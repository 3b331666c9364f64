import sql from 'sql-template-tag';
import type { AgentReport, DriftMessage } from '@fairlead/shared/contracts';
import { remind } from '../../../platform/database/outbox.ts';
import { inTransaction, type Pool } from '../../../platform/database/pool.ts';
import type { RecordDrift } from '../../drift/application/record-drift.ts';
import type { ReportStore } from '../application/report.store.ts';
import { applyReports, lockTargets } from './target-status.rows.ts';

export class PgReportStore implements ReportStore {
  readonly #pool: Pool;
  readonly #recordDrift: RecordDrift;

  constructor(options: { pool: Pool; recordDrift: RecordDrift }) {
    this.#pool = options.pool;
    this.#recordDrift = options.recordDrift;
  }

  store(batch: Parameters<ReportStore['store']>[0]): Promise<boolean> {
    const { clusterId, epoch, reports, nowMs } = batch;
    return inTransaction(this.#pool, async (tx) => {
      const last = Math.max(0, ...reports.map((report) => report.report));
      // The row lock keeps a newer session from opening between this look and the commit.
      const { rowCount } = await tx.query(sql`
        update agent_sessions
        set last_report = greatest(last_report, ${last}), last_heartbeat_at = greatest(last_heartbeat_at, ${new Date(nowMs)})
        where cluster_id = ${clusterId} and epoch = ${epoch}`);
      if (rowCount === 0) return false;
      const current = reports.filter((report) => report.epoch === epoch);
      const targets = await lockTargets(tx, clusterId, [...new Set(current.map((report) => report.app))]);
      const groups = await applyReports(tx, { clusterId, targets, reports: current.filter(isNotDrift), nowMs });
      for (const report of current) {
        const target = targets.get(report.app);
        // Drift from an assignment that is newer than ours cannot be; from an older one it is history and still true.
        if (report.type !== 'drift' || !target || report.counter > target.assigned.counter) continue;
        const { counter, digest, opened, closed, at } = report;
        await this.#recordDrift(tx, { clusterId, appId: target.appId, counter, digest, opened, closed, at });
      }
      for (const groupId of groups) await remind(tx, 'advance-group', groupId);
      return true;
    });
  }
}

function isNotDrift(report: AgentReport): report is Exclude<AgentReport, DriftMessage> {
  return report.type !== 'drift';
}
