import sql from 'sql-template-tag';
import { z } from 'zod';
import type { ClusterId } from '@fairlead/shared/kernel';
import type { Pool } from '../../../platform/database/pool.ts';
import type { AgentKeyRecord, AgentKeyStore } from '../application/agent-key.store.ts';

const PublicKey = z.object({ kty: z.string(), crv: z.string(), x: z.string() });

export class PgAgentKeyStore implements AgentKeyStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async findActive(keyId: string): Promise<AgentKeyRecord | null> {
    const { rows } = await this.#pool.query<{ cluster_id: ClusterId; name: string; public_jwk: unknown }>(sql`
      select k.cluster_id, c.name, k.public_jwk
      from agent_keys k join clusters c on c.id = k.cluster_id
      where k.key_id = ${keyId} and k.revoked_at is null and c.revoked_at is null`);
    const row = rows[0];
    return row
      ? { clusterId: row.cluster_id, clusterName: row.name, publicKey: PublicKey.parse(row.public_jwk) }
      : null;
  }

  async activeAmong(keyIds: string[]): Promise<Set<string>> {
    const { rows } = await this.#pool.query<{ key_id: string }>(sql`
      select k.key_id from agent_keys k join clusters c on c.id = k.cluster_id
      where k.key_id = any(${keyIds}) and k.revoked_at is null and c.revoked_at is null`);
    return new Set(rows.map((row) => row.key_id));
  }

  async useJti(jti: string, expiresAtMs: number, nowMs: number): Promise<boolean> {
    await this.#pool.query(sql`delete from used_jtis where expires_at < ${new Date(nowMs)}`);
    const { rowCount } = await this.#pool.query(sql`
      insert into used_jtis (jti, expires_at) values (${jti}, ${new Date(expiresAtMs)}) on conflict do nothing`);
    return rowCount === 1;
  }
}
