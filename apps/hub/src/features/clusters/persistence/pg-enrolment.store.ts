import sql from 'sql-template-tag';
import type { ClusterId } from '@fairlead/shared/kernel';
import { appendLedger } from '../../../platform/database/ledger-rows.ts';
import { signal } from '../../../platform/database/outbox.ts';
import { inTransaction, type Pool, type Tx } from '../../../platform/database/pool.ts';
import type { EnrolmentOutcome, EnrolmentRequest, EnrolmentStore } from '../application/enrolment.store.ts';
import type { EnrolmentDecision, EnrolmentFacts } from '../domain/enrolment.ts';
import { rereadAllSources } from './cluster-facts.ts';

interface TokenRow {
  id: number;
  name_pattern: string;
  labels: unknown;
  max_uses: number;
  uses: number;
  created_at: Date;
  expires_at: Date;
  revoked_at: Date | null;
}

interface ClusterRow {
  id: ClusterId;
  fingerprint: string;
  revoked_at: Date | null;
}

type Decide = (facts: EnrolmentFacts, nowMs: number) => EnrolmentDecision;

export class PgEnrolmentStore implements EnrolmentStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  enrol(request: EnrolmentRequest, decide: Decide): Promise<EnrolmentOutcome> {
    return inTransaction(this.#pool, async (tx) => {
      // Two agents that ask for one name at once: the second sees what the first did.
      await tx.query(sql`select pg_advisory_xact_lock(hashtextextended(${`enrol ${request.clusterName}`}, 0))`);
      const token = await lockToken(tx, request.tokenHash);
      const cluster = await lockCluster(tx, request.clusterName);
      const key = await findKey(tx, request.keyId);
      const decision = decide(
        {
          clusterName: request.clusterName,
          fingerprint: request.fingerprint,
          keyId: request.keyId,
          token: token && {
            namePattern: token.name_pattern,
            maxUses: token.max_uses,
            uses: token.uses,
            createdAtMs: token.created_at.getTime(),
            expiresAtMs: token.expires_at.getTime(),
            revokedAtMs: token.revoked_at?.getTime() ?? null,
          },
          cluster: cluster && { fingerprint: cluster.fingerprint, revokedAtMs: cluster.revoked_at?.getTime() ?? null },
          key,
        },
        request.nowMs,
      );
      if (!decision.ok || !token) {
        const reason = decision.ok ? 'unknown-token' : decision.reason;
        return { ok: false, reason, tokenId: token?.id ?? null };
      }
      const clusterId = cluster ? await welcomeBack(tx, cluster, request) : await insertCluster(tx, token, request);
      await replaceKey(tx, clusterId, request);
      if (decision.consumesUse) await tx.query(sql`update join_tokens set uses = uses + 1 where id = ${token.id}`);
      const { clusterName, keyId, fingerprint } = request;
      await appendLedger(tx, {
        actor: `cluster:${clusterName}`,
        action: decision.isNew ? 'cluster.enrol' : 'cluster.enrol-again',
        subject: `cluster:${clusterName}`,
        outcome: 'done',
        details: { joinTokenId: token.id, keyId, fingerprint },
      });
      return { ok: true, clusterId };
    });
  }

  async refuse(refusal: {
    clusterName: string;
    reason: string;
    tokenId: number | null;
    fingerprint: string;
    address: string;
  }): Promise<void> {
    const { clusterName, reason, tokenId, fingerprint, address } = refusal;
    await inTransaction(this.#pool, (tx) =>
      appendLedger(tx, {
        actor: 'anonymous',
        action: 'cluster.enrol',
        subject: `cluster:${clusterName}`,
        outcome: 'refused',
        reason,
        details: { joinTokenId: tokenId, fingerprint, address },
      }),
    );
  }
}

async function lockToken(tx: Tx, tokenHash: string): Promise<TokenRow | null> {
  const { rows } = await tx.query<TokenRow>(sql`
    select id, name_pattern, labels, max_uses, uses, created_at, expires_at, revoked_at
    from join_tokens where token_hash = ${tokenHash} for update`);
  return rows[0] ?? null;
}

async function lockCluster(tx: Tx, name: string): Promise<ClusterRow | null> {
  const { rows } = await tx.query<ClusterRow>(sql`
    select id, fingerprint, revoked_at from clusters where name = ${name} for update`);
  return rows[0] ?? null;
}

async function findKey(tx: Tx, keyId: string): Promise<EnrolmentFacts['key']> {
  const { rows } = await tx.query<{ name: string; revoked_at: Date | null }>(sql`
    select c.name, k.revoked_at from agent_keys k join clusters c on c.id = k.cluster_id where k.key_id = ${keyId}`);
  return rows[0] ? { clusterName: rows[0].name, revokedAtMs: rows[0].revoked_at?.getTime() ?? null } : null;
}

async function insertCluster(tx: Tx, token: TokenRow, request: EnrolmentRequest): Promise<ClusterId> {
  const { rows } = await tx.query<{ id: ClusterId }>(sql`
    insert into clusters (name, labels, fingerprint, kubernetes_version, agent_version, created_at)
    values (${request.clusterName}, ${JSON.stringify(token.labels)}, ${request.fingerprint},
      ${request.kubernetesVersion}, ${request.agentVersion}, ${new Date(request.nowMs)})
    returning id`);
  if (!rows[0]) throw new Error('a cluster was not stored');
  await rereadAllSources(tx);
  return rows[0].id;
}

async function welcomeBack(tx: Tx, cluster: ClusterRow, request: EnrolmentRequest): Promise<ClusterId> {
  const { rowCount } = await tx.query(sql`
    update clusters
    set kubernetes_version = ${request.kubernetesVersion}, agent_version = ${request.agentVersion}, revoked_at = null,
      facts_version = facts_version + 1
    where id = ${cluster.id}
      and (revoked_at is not null or kubernetes_version is distinct from ${request.kubernetesVersion})`);
  if (rowCount) await rereadAllSources(tx);
  return cluster.id;
}

/** One key per cluster: the one that enrolled last. Sessions of the others are cut like those of a revoked cluster. */
async function replaceKey(tx: Tx, clusterId: ClusterId, request: EnrolmentRequest): Promise<void> {
  const now = new Date(request.nowMs);
  await tx.query(sql`
    insert into agent_keys (cluster_id, key_id, public_jwk, created_at)
    values (${clusterId}, ${request.keyId}, ${JSON.stringify(request.publicKey)}, ${now})
    on conflict (key_id) do update set revoked_at = null`);
  const { rowCount } = await tx.query(sql`
    update agent_keys set revoked_at = ${now}
    where cluster_id = ${clusterId} and key_id <> ${request.keyId} and revoked_at is null`);
  if (rowCount) await signal(tx, 'cluster-revoked', clusterId);
}
