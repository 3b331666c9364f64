import sql from 'sql-template-tag';
import { z } from 'zod';
import { Labels } from '@fairlead/shared/contracts';
import type { ClusterId } from '@fairlead/shared/kernel';
import { appendLedger } from '../../../platform/database/ledger-rows.ts';
import { signal } from '../../../platform/database/outbox.ts';
import { inTransaction, type Db, type Pool } from '../../../platform/database/pool.ts';
import type { ClusterStore, StoredCluster } from '../application/cluster.store.ts';
import { rereadAllSources } from './cluster-facts.ts';

interface ClusterRow {
  id: ClusterId;
  name: string;
  labels: unknown;
  annotations: unknown;
  kubernetes_version: string | null;
  agent_version: string | null;
  created_at: Date;
  revoked_at: Date | null;
  connected_at: Date | null;
  last_heartbeat_at: Date | null;
  disconnected_at: Date | null;
}

const Annotations = z.record(z.string(), z.string());

const selection = sql`
  select c.id, c.name, c.labels, c.annotations, c.kubernetes_version, c.agent_version, c.created_at, c.revoked_at,
    s.connected_at, s.last_heartbeat_at, s.disconnected_at
  from clusters c left join agent_sessions s on s.cluster_id = c.id`;

export class PgClusterStore implements ClusterStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async list({ afterName, limit }: { afterName: string | null; limit: number }): Promise<StoredCluster[]> {
    const { rows } = await this.#pool.query<ClusterRow>(
      sql`${selection} where c.name > ${afterName ?? ''} order by c.name limit ${limit}`,
    );
    return rows.map(rowToCluster);
  }

  find(name: string): Promise<StoredCluster | null> {
    return findByName(this.#pool, name);
  }

  setLabels(change: {
    name: string;
    labels: Record<string, string | null>;
    by: string;
  }): Promise<StoredCluster | null> {
    return inTransaction(this.#pool, async (tx) => {
      const { rows } = await tx.query<{ id: ClusterId }>(sql`
        select id from clusters where name = ${change.name} for update`);
      const id = rows[0]?.id;
      if (id === undefined) return null;
      const patch = JSON.stringify(change.labels);
      const changed = await tx.query(sql`
        update clusters set labels = jsonb_strip_nulls(labels || ${patch}::jsonb), facts_version = facts_version + 1
        where id = ${id} and labels is distinct from jsonb_strip_nulls(labels || ${patch}::jsonb)`);
      if (changed.rowCount) {
        await rereadAllSources(tx);
        const { name, by, labels } = change;
        await appendLedger(tx, {
          actor: by,
          action: 'cluster.label',
          subject: `cluster:${name}`,
          outcome: 'done',
          details: { labels },
        });
      }
      return findByName(tx, change.name);
    });
  }

  revoke(change: { name: string; reason: string; by: string; nowMs: number }): Promise<StoredCluster | null> {
    return inTransaction(this.#pool, async (tx) => {
      const now = new Date(change.nowMs);
      const { rows } = await tx.query<{ id: ClusterId }>(sql`
        update clusters set revoked_at = ${now} where name = ${change.name} and revoked_at is null returning id`);
      const id = rows[0]?.id;
      if (id !== undefined) {
        await tx.query(sql`update agent_keys set revoked_at = ${now} where cluster_id = ${id} and revoked_at is null`);
        await appendLedger(tx, {
          actor: change.by,
          action: 'cluster.revoke',
          subject: `cluster:${change.name}`,
          outcome: 'done',
          reason: change.reason,
        });
        await signal(tx, 'cluster-revoked', id);
      }
      return findByName(tx, change.name);
    });
  }
}

async function findByName(db: Db, name: string): Promise<StoredCluster | null> {
  const { rows } = await db.query<ClusterRow>(sql`${selection} where c.name = ${name}`);
  return rows[0] ? rowToCluster(rows[0]) : null;
}

function rowToCluster(row: ClusterRow): StoredCluster {
  return {
    id: row.id,
    name: row.name,
    labels: Labels.parse(row.labels),
    annotations: Annotations.parse(row.annotations),
    kubernetesVersion: row.kubernetes_version,
    agentVersion: row.agent_version,
    createdAtMs: row.created_at.getTime(),
    revokedAtMs: row.revoked_at?.getTime() ?? null,
    session:
      row.connected_at && row.last_heartbeat_at
        ? {
            connectedAtMs: row.connected_at.getTime(),
            lastHeartbeatAtMs: row.last_heartbeat_at.getTime(),
            disconnectedAtMs: row.disconnected_at?.getTime() ?? null,
          }
        : null,
  };
}
