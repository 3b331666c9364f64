import { usePostgres } from '../../../../../../test/harness/postgres.ts';
import type { NewApiToken } from '../application/api-token.store.ts';
import { PgApiTokenStore } from './pg-api-token.store.ts';

const database = usePostgres();
const nowMs = Date.UTC(2026, 10, 23);
let made = 0;

function aToken(overrides: Partial<NewApiToken> = {}): NewApiToken {
  made += 1;
  return {
    principal: 'ada',
    principalKind: 'person',
    role: 'viewer',
    tokenHash: `hash-${made}`,
    description: '',
    createdAtMs: nowMs,
    expiresAtMs: nowMs + 3_600_000,
    issuedBy: 'root',
    ...overrides,
  };
}

async function ledgerActions(): Promise<string[]> {
  const { rows } = await database.pool.query<{ line: string }>(
    `select actor || ' ' || action || ' ' || subject as line from ledger order by id`,
  );
  return rows.map((row) => row.line);
}

describe('API tokens in PostgreSQL', () => {
  const store = () => new PgApiTokenStore(database.pool);
  let adminId = 0;

  it('gives the first token to one of several callers, and never again', async () => {
    const first = { principal: 'admin', role: 'admin', issuedBy: 'hub' } as const;
    const answers = await Promise.all([1, 2, 3, 4].map(() => store().issueFirst(aToken(first))));
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(await store().issueFirst(aToken(first))).toBe(false);
    expect(await ledgerActions()).toEqual(['hub token.issue-first principal:admin']);
    adminId = (await store().list({ beforeId: null, limit: 10 }))[0]!.id;
  });

  it('finds a token by its hash, with its principal and role', async () => {
    const token = aToken({ principal: 'ci', principalKind: 'robot', role: 'operator' });
    const issued = await store().issue(token);
    expect(issued).toMatchObject({ principal: 'ci', principalKind: 'robot', role: 'operator', lastUsedAt: null });
    expect(await store().findByHash(token.tokenHash)).toMatchObject({
      principal: { name: 'ci', kind: 'robot', role: 'operator', tokenId: issued!.id },
      isRevoked: false,
      expiresAtMs: token.expiresAtMs,
    });
    expect(await store().findByHash('other')).toBeNull();
  });

  it('remembers the latest use only', async () => {
    const token = aToken();
    const issued = await store().issue(token);
    await store().markUsed(issued!.id, nowMs + 2000);
    await store().markUsed(issued!.id, nowMs + 1000);
    expect((await store().findByHash(token.tokenHash))?.lastUsedAtMs).toBe(nowMs + 2000);
  });

  it('refuses a known name with the other kind, and writes nothing', async () => {
    await store().issue(aToken({ principal: 'bo' }));
    const before = await ledgerActions();
    expect(await store().issue(aToken({ principal: 'bo', principalKind: 'robot' }))).toBeNull();
    expect(await ledgerActions()).toEqual(before);
  });

  it('lists newest first, page by page', async () => {
    const all = await store().list({ beforeId: null, limit: 100 });
    const first = await store().list({ beforeId: null, limit: 2 });
    const rest = await store().list({ beforeId: first[1]!.id, limit: 100 });
    expect([...first, ...rest]).toEqual(all);
    expect(all.map((token) => token.id)).toEqual([...all.map((token) => token.id)].sort((a, b) => b - a));
  });

  it('revokes once, with an entry in the ledger', async () => {
    const token = aToken({ principal: 'eve' });
    const issued = await store().issue(token);
    const revoke = () => store().revoke({ tokenId: issued!.id, revokedBy: 'root', nowMs });
    expect([await revoke(), await revoke()]).toEqual(['revoked', 'already-revoked']);
    expect((await store().findByHash(token.tokenHash))?.isRevoked).toBe(true);
    expect((await ledgerActions()).filter((line) => line === 'root token.revoke principal:eve')).toHaveLength(1);
    expect(await store().revoke({ tokenId: 999_999, revokedBy: 'root', nowMs })).toBe('not-found');
  });

  it('keeps one usable admin token when two revocations of two admin tokens meet', async () => {
    expect(await store().revoke({ tokenId: adminId, revokedBy: 'root', nowMs })).toBe('last-admin');
    const second = await store().issue(aToken({ principal: 'admin', role: 'admin' }));
    const outcomes = await Promise.all(
      [adminId, second!.id].map((tokenId) => store().revoke({ tokenId, revokedBy: 'root', nowMs })),
    );
    expect(outcomes.sort()).toEqual(['last-admin', 'revoked']);
  });
});
