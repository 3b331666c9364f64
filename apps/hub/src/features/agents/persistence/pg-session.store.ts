import sql from 'sql-template-tag';
import type { AckMessage, HelloMessage } from '@fairlead/shared/contracts';
import type { ClusterId } from '@fairlead/shared/kernel';
import { appendLedger } from '../../../platform/database/ledger-rows.ts';
import { inTransaction, type Pool } from '../../../platform/database/pool.ts';
import type { RecordClusterVersions } from '../../clusters/application/cluster-facts.ts';
import type { LiveSession, OpenedSession, SessionStore } from '../application/session.store.ts';
import { remindGroupsOn } from './affected-groups.ts';
import { applyReports, lockTargets } from './target-status.rows.ts';

export class PgSessionStore implements SessionStore {
  readonly #pool: Pool;
  readonly #recordVersions: RecordClusterVersions;

  constructor(options: { pool: Pool; recordVersions: RecordClusterVersions }) {
    this.#pool = options.pool;
    this.#recordVersions = options.recordVersions;
  }

  open(request: Parameters<SessionStore['open']>[0]): Promise<OpenedSession> {
    const { clusterId, clusterName, replica, hello, nowMs } = request;
    return inTransaction(this.#pool, async (tx) => {
      const { rows } = await tx.query<{ fingerprint: string; revoked_at: Date | null }>(sql`
        select fingerprint, revoked_at from clusters where id = ${clusterId} for update`);
      const cluster = rows[0];
      if (!cluster || cluster.revoked_at) return { ok: false, reason: 'revoked' };
      if (cluster.fingerprint !== hello.fingerprint) {
        await appendLedger(tx, {
          actor: `cluster:${clusterName}`,
          action: 'agent.hello',
          subject: `cluster:${clusterName}`,
          outcome: 'refused',
          reason: 'fingerprint-mismatch',
          details: { security: true, expected: cluster.fingerprint, shown: hello.fingerprint },
        });
        return { ok: false, reason: 'fingerprint-mismatch' };
      }
      const now = new Date(nowMs);
      const { rows: opened } = await tx.query<{ epoch: number }>(sql`
        insert into agent_sessions (cluster_id, epoch, replica, connected_at, last_heartbeat_at)
        values (${clusterId}, 1, ${replica}, ${now}, ${now})
        on conflict (cluster_id) do update set epoch = agent_sessions.epoch + 1, replica = excluded.replica,
          connected_at = excluded.connected_at, last_heartbeat_at = excluded.last_heartbeat_at, disconnected_at = null,
          last_report = 0
        returning epoch`);
      const epoch = opened[0]?.epoch;
      if (epoch === undefined) throw new Error('a session was not stored');
      const { agentVersion, kubernetesVersion } = hello;
      await this.#recordVersions(tx, { clusterId, agentVersion, kubernetesVersion });
      const targets = await lockTargets(
        tx,
        clusterId,
        hello.apps.map(({ app }) => app),
      );
      await applyReports(tx, { clusterId, targets, reports: acknowledgedBy(hello, epoch, now), nowMs });
      await remindGroupsOn(tx, [clusterId]);
      return { ok: true, epoch };
    });
  }

  async heartbeat(sessions: (LiveSession & { seenAtMs: number })[]): Promise<LiveSession[]> {
    if (sessions.length === 0) return [];
    const { rows } = await this.#pool.query<{ cluster_id: ClusterId }>(sql`
      update agent_sessions s
      set last_heartbeat_at = greatest(s.last_heartbeat_at, seen.at), disconnected_at = null
      from unnest(${sessions.map(({ clusterId }) => clusterId)}::bigint[], ${sessions.map(({ epoch }) => epoch)}::bigint[],
        ${sessions.map(({ seenAtMs }) => new Date(seenAtMs).toISOString())}::timestamptz[]) as seen (cluster_id, epoch, at)
      where s.cluster_id = seen.cluster_id and s.epoch = seen.epoch
      returning s.cluster_id`);
    const newest = new Set(rows.map((row) => row.cluster_id));
    return sessions.filter(({ clusterId }) => !newest.has(clusterId));
  }

  close({ clusterId, epoch }: LiveSession, nowMs: number): Promise<void> {
    return inTransaction(this.#pool, async (tx) => {
      const { rowCount } = await tx.query(sql`
        update agent_sessions set disconnected_at = ${new Date(nowMs)}
        where cluster_id = ${clusterId} and epoch = ${epoch} and disconnected_at is null`);
      if (rowCount) await remindGroupsOn(tx, [clusterId]);
    });
  }

  closeLost(request: { livingReplicas: string[]; silentSinceMs: number; nowMs: number }): Promise<number> {
    const { livingReplicas, silentSinceMs, nowMs } = request;
    return inTransaction(this.#pool, async (tx) => {
      const { rows } = await tx.query<{ cluster_id: ClusterId }>(sql`
        update agent_sessions set disconnected_at = ${new Date(nowMs)}
        where disconnected_at is null
          and (replica <> all(${livingReplicas}) or last_heartbeat_at < ${new Date(silentSinceMs)})
        returning cluster_id`);
      if (rows.length > 0)
        await remindGroupsOn(
          tx,
          rows.map((row) => row.cluster_id),
        );
      return rows.length;
    });
  }

  async replicasWithSessions(): Promise<string[]> {
    const { rows } = await this.#pool.query<{ replica: string }>(sql`
      select distinct replica from agent_sessions where disconnected_at is null`);
    return rows.map((row) => row.replica);
  }
}

/** The agent may have restarted before its last words arrived: what it has is what it acknowledges. */
function acknowledgedBy(hello: HelloMessage, epoch: number, now: Date): AckMessage[] {
  return hello.apps.map(({ app, counter, digest, phase }, position) => ({
    type: 'ack',
    epoch,
    report: position + 1,
    app,
    counter,
    digest,
    at: now.toISOString(),
    phase,
    permanent: false,
    message: null,
    failures: [],
  }));
}
