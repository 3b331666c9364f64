import sql from 'sql-template-tag';
import { Labels, type JoinToken } from '@fairlead/shared/contracts';
import { appendLedger } from '../../../platform/database/ledger-rows.ts';
import { inTransaction, type Pool } from '../../../platform/database/pool.ts';
import type { JoinTokenStore, NewJoinToken } from '../application/join-token.store.ts';

interface JoinTokenRow {
  id: number;
  labels: unknown;
  name_pattern: string;
  max_uses: number;
  uses: number;
  created_at: Date;
  created_by: string;
  expires_at: Date;
  revoked_at: Date | null;
}

const columns = sql`id, labels, name_pattern, max_uses, uses, created_at, created_by, expires_at, revoked_at`;

export class PgJoinTokenStore implements JoinTokenStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  create(token: NewJoinToken): Promise<JoinToken> {
    return inTransaction(this.#pool, async (tx) => {
      const { rows } = await tx.query<JoinTokenRow>(sql`
        insert into join_tokens (token_hash, name_pattern, labels, max_uses, created_by, created_at, expires_at)
        values (${token.tokenHash}, ${token.namePattern}, ${JSON.stringify(token.labels)}, ${token.maxUses},
          ${token.createdBy}, ${new Date(token.createdAtMs)}, ${new Date(token.expiresAtMs)})
        returning ${columns}`);
      const row = rows[0];
      if (!row) throw new Error('a join token was not stored');
      const { labels, namePattern, maxUses, createdBy } = token;
      await appendLedger(tx, {
        actor: createdBy,
        action: 'join-token.create',
        subject: `join-token:${row.id}`,
        outcome: 'done',
        details: { labels, namePattern, maxUses, expiresAt: row.expires_at.toISOString() },
      });
      return rowToJoinToken(row);
    });
  }

  async list({ beforeId, limit }: { beforeId: number | null; limit: number }): Promise<JoinToken[]> {
    const { rows } = await this.#pool.query<JoinTokenRow>(sql`
      select ${columns} from join_tokens
      where ${beforeId}::bigint is null or id < ${beforeId}
      order by id desc limit ${limit}`);
    return rows.map(rowToJoinToken);
  }

  revoke({ id, by, nowMs }: { id: number; by: string; nowMs: number }): Promise<boolean> {
    return inTransaction(this.#pool, async (tx) => {
      const { rowCount } = await tx.query(sql`
        update join_tokens set revoked_at = ${new Date(nowMs)} where id = ${id} and revoked_at is null`);
      if (!rowCount) {
        const known = await tx.query(sql`select 1 from join_tokens where id = ${id}`);
        return Boolean(known.rowCount);
      }
      await appendLedger(tx, { actor: by, action: 'join-token.revoke', subject: `join-token:${id}`, outcome: 'done' });
      return true;
    });
  }
}

function rowToJoinToken(row: JoinTokenRow): JoinToken {
  return {
    id: row.id,
    labels: Labels.parse(row.labels),
    namePattern: row.name_pattern,
    maxUses: row.max_uses,
    uses: row.uses,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    expiresAt: row.expires_at.toISOString(),
    revokedAt: row.revoked_at?.toISOString() ?? null,
  };
}
