import sql from 'sql-template-tag';
import type { ApiToken, Role } from '@fairlead/shared/contracts';
import type { PrincipalId } from '@fairlead/shared/kernel';
import { appendLedger } from '../../../platform/database/ledger-rows.ts';
import { inTransaction, type Db, type Pool, type Tx } from '../../../platform/database/pool.ts';
import type { ApiTokenStore, NewApiToken, RevokeOutcome } from '../application/api-token.store.ts';
import type { StoredToken } from '../domain/principal.ts';

interface TokenRow {
  id: number;
  principal_id: PrincipalId;
  principal: string;
  kind: 'person' | 'robot';
  role: Role;
  description: string;
  created_at: Date;
  expires_at: Date;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

const columns = sql`t.id, t.principal_id, p.name as principal, p.kind, t.role, t.description, t.created_at, t.expires_at,
  t.last_used_at, t.revoked_at`;

// Held while the set of admin tokens is read and changed, so that two revocations cannot each leave the other's token as the last.
const lockTokens = sql`select pg_advisory_xact_lock(hashtext('fairlead.api-tokens'))`;

export class PgApiTokenStore implements ApiTokenStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async findByHash(tokenHash: string): Promise<StoredToken | null> {
    const { rows } = await this.#pool.query<TokenRow>(
      sql`select ${columns} from api_tokens t join principals p on p.id = t.principal_id where t.token_hash = ${tokenHash}`,
    );
    return rows[0] ? rowToStoredToken(rows[0]) : null;
  }

  async markUsed(tokenId: number, atMs: number): Promise<void> {
    await this.#pool.query(
      sql`update api_tokens set last_used_at = greatest(last_used_at, ${new Date(atMs)}) where id = ${tokenId}`,
    );
  }

  issue(token: NewApiToken): Promise<ApiToken | null> {
    return inTransaction(this.#pool, (tx) => insertToken(tx, token, 'token.issue'));
  }

  issueFirst(token: NewApiToken): Promise<boolean> {
    return inTransaction(this.#pool, async (tx) => {
      await tx.query(lockTokens);
      const { rows } = await tx.query<{ any: boolean }>(sql`select exists (select from api_tokens) as any`);
      if (rows[0]?.any) return false;
      return (await insertToken(tx, token, 'token.issue-first')) !== null;
    });
  }

  async list({ beforeId, limit }: { beforeId: number | null; limit: number }): Promise<ApiToken[]> {
    const { rows } = await this.#pool.query<TokenRow>(sql`
      select ${columns} from api_tokens t join principals p on p.id = t.principal_id
      where ${beforeId}::bigint is null or t.id < ${beforeId}
      order by t.id desc limit ${limit}`);
    return rows.map(rowToApiToken);
  }

  revoke(request: { tokenId: number; revokedBy: string; nowMs: number }): Promise<RevokeOutcome> {
    const { tokenId, revokedBy, nowMs } = request;
    return inTransaction(this.#pool, async (tx) => {
      await tx.query(lockTokens);
      const token = await findById(tx, tokenId);
      if (!token) return 'not-found';
      if (token.revoked_at) return 'already-revoked';
      const now = new Date(nowMs);
      const isUsableAdmin = token.role === 'admin' && token.expires_at > now;
      if (isUsableAdmin && !(await hasOtherAdmin(tx, tokenId, now))) return 'last-admin';
      await tx.query(sql`update api_tokens set revoked_at = ${now} where id = ${tokenId}`);
      await appendLedger(tx, {
        actor: revokedBy,
        action: 'token.revoke',
        subject: `principal:${token.principal}`,
        outcome: 'done',
        details: { tokenId, role: token.role },
      });
      return 'revoked';
    });
  }
}

async function findById(db: Db, id: number): Promise<TokenRow | undefined> {
  const { rows } = await db.query<TokenRow>(
    sql`select ${columns} from api_tokens t join principals p on p.id = t.principal_id where t.id = ${id}`,
  );
  return rows[0];
}

async function hasOtherAdmin(db: Db, tokenId: number, now: Date): Promise<boolean> {
  const { rows } = await db.query<{ any: boolean }>(sql`
    select exists (
      select from api_tokens where role = 'admin' and revoked_at is null and expires_at > ${now} and id <> ${tokenId}
    ) as any`);
  return rows[0]?.any === true;
}

async function insertToken(tx: Tx, token: NewApiToken, action: string): Promise<ApiToken | null> {
  // The update that changes nothing makes `returning` answer for a principal that was there already.
  const { rows: principals } = await tx.query<{ id: PrincipalId; kind: string }>(sql`
    insert into principals (name, kind, created_at)
    values (${token.principal}, ${token.principalKind}, ${new Date(token.createdAtMs)})
    on conflict (name) do update set name = excluded.name
    returning id, kind`);
  const principal = principals[0];
  if (principal?.kind !== token.principalKind) return null;
  const { rows: inserted } = await tx.query<{ id: number }>(sql`
    insert into api_tokens (principal_id, token_hash, role, description, created_at, expires_at)
    values (${principal.id}, ${token.tokenHash}, ${token.role}, ${token.description}, ${new Date(token.createdAtMs)},
      ${new Date(token.expiresAtMs)})
    returning id`);
  const row = inserted[0] && (await findById(tx, inserted[0].id));
  if (!row) return null;
  await appendLedger(tx, {
    actor: token.issuedBy,
    action,
    subject: `principal:${token.principal}`,
    outcome: 'done',
    details: { tokenId: row.id, role: token.role, expiresAt: row.expires_at.toISOString() },
  });
  return rowToApiToken(row);
}

function rowToStoredToken(row: TokenRow): StoredToken {
  return {
    principal: { id: row.principal_id, name: row.principal, kind: row.kind, role: row.role, tokenId: row.id },
    expiresAtMs: row.expires_at.getTime(),
    isRevoked: row.revoked_at !== null,
    lastUsedAtMs: row.last_used_at?.getTime() ?? null,
  };
}

function rowToApiToken(row: TokenRow): ApiToken {
  return {
    id: row.id,
    principal: row.principal,
    principalKind: row.kind,
    role: row.role,
    description: row.description,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
  };
}
