import { usePostgres } from '../../../../../../test/harness/postgres.ts';
import { PgApiTokenStore } from '../persistence/pg-api-token.store.ts';
import { PgRefusalStore } from '../persistence/pg-refusal.store.ts';
import { Authenticate } from './authenticate.ts';
import { Authorise } from './authorise.ts';
import { ManageApiTokens } from './manage-api-tokens.ts';
import { RefusalLog } from './refusal-log.ts';

const database = usePostgres();

function aHub({ failuresPerMinute = 5 } = {}) {
  const clock = { nowMs: () => clock.atMs, atMs: Date.UTC(2026, 10, 23) };
  const store = new PgApiTokenStore(database.pool);
  const refusals = new RefusalLog({ store: new PgRefusalStore(database.pool), limitPerMinute: 50 });
  const authenticate = new Authenticate({ store, refusals, clock, failuresPerMinute });
  const tokens = new ManageApiTokens({ store, clock, onRevoked: () => authenticate.forget() });
  const login = (token: string | undefined, address = '10.0.0.1') =>
    authenticate.authenticate({
      authorization: token === undefined ? undefined : `Bearer ${token}`,
      address,
      subject: 'route:GET /v1/clusters',
    });
  const issue = (role: 'viewer' | 'admin' = 'viewer', ttlSeconds = 3600) =>
    tokens.issue({ principal: `p-${role}`, principalKind: 'person', role, ttlSeconds, description: '' }, 'test');
  return { clock, store, refusals, authenticate, tokens, login, issue };
}

const unknownToken = `flt_${'A'.repeat(43)}`;

async function refusalsFrom(address: string) {
  const { rows } = await database.pool.query<{ actor: string; action: string; subject: string; reason: string }>(
    `select actor, action, subject, reason from ledger where outcome = 'refused' and details ->> 'address' = $1`,
    [address],
  );
  return rows;
}

describe('authentication', () => {
  it('knows the principal of a valid token and when it was last used', async () => {
    const { login, issue, clock, tokens } = aHub();
    const { token, id } = await issue();
    expect(await login(token)).toMatchObject({ name: 'p-viewer', kind: 'person', role: 'viewer' });
    const listed = (await tokens.list({ limit: 500 })).items.find((item) => item.id === id);
    expect(listed?.lastUsedAt).toBe(new Date(clock.atMs).toISOString());
  });

  it('stores no token in the clear', async () => {
    const { token } = await aHub().issue();
    const { rows } = await database.pool.query(`select row_to_json(t)::text as text from api_tokens t`);
    expect(JSON.stringify(rows)).not.toContain(token.slice(4));
  });

  it('refuses a missing token without an entry in the ledger', async () => {
    const { login } = aHub();
    await expect(login(undefined, '10.1.0.1')).rejects.toMatchObject({ code: 'access.unauthenticated' });
    expect(await refusalsFrom('10.1.0.1')).toEqual([]);
  });

  it('writes down why a presented token was refused, and tells the caller nothing', async () => {
    const { login, issue, clock, tokens } = aHub();
    await issue('admin');
    const expired = await issue('viewer', 60);
    const revoked = await issue('viewer');
    await tokens.revoke(revoked.id, 'test');
    clock.atMs += 61_000;
    const errors = [];
    for (const token of [unknownToken, 'nonsense', expired.token, revoked.token]) {
      errors.push(await login(token, '10.2.0.1').catch((error: unknown) => error));
    }
    for (const error of errors) expect(error).toMatchObject({ code: 'access.unauthenticated', details: {} });
    expect(await refusalsFrom('10.2.0.1')).toEqual([
      {
        actor: 'anonymous',
        action: 'access.unauthenticated',
        subject: 'route:GET /v1/clusters',
        reason: 'unknown token',
      },
      {
        actor: 'anonymous',
        action: 'access.unauthenticated',
        subject: 'route:GET /v1/clusters',
        reason: 'unknown token',
      },
      {
        actor: 'p-viewer',
        action: 'access.unauthenticated',
        subject: 'route:GET /v1/clusters',
        reason: 'expired token',
      },
      {
        actor: 'p-viewer',
        action: 'access.unauthenticated',
        subject: 'route:GET /v1/clusters',
        reason: 'revoked token',
      },
    ]);
  });

  it('refuses a revoked token at once here and within five seconds on another replica', async () => {
    const here = aHub();
    const elsewhere = aHub();
    await here.issue('admin');
    const { token, id } = await here.issue();
    await Promise.all([here.login(token), elsewhere.login(token)]);
    await here.tokens.revoke(id, 'test');
    await expect(here.login(token)).rejects.toMatchObject({ code: 'access.unauthenticated' });
    elsewhere.clock.atMs += 5_000;
    await expect(elsewhere.login(token)).rejects.toMatchObject({ code: 'access.unauthenticated' });
  });

  it('refuses a cached token the moment it expires', async () => {
    const { login, issue, clock } = aHub();
    const { token } = await issue('viewer', 60);
    clock.atMs += 59_000;
    await login(token);
    clock.atMs += 1_000;
    await expect(login(token)).rejects.toMatchObject({ code: 'access.unauthenticated' });
  });

  it('limits wrong tokens per address, without locking out valid ones from there', async () => {
    const { login, issue, clock } = aHub({ failuresPerMinute: 3 });
    const { token } = await issue();
    await login(token, '10.3.0.1');
    for (let i = 0; i < 3; i += 1) {
      await expect(login(unknownToken, '10.3.0.1')).rejects.toMatchObject({ code: 'access.unauthenticated' });
    }
    await expect(login(unknownToken, '10.3.0.1')).rejects.toMatchObject({ code: 'access.too-many-attempts' });
    expect(await login(token, '10.3.0.1')).toMatchObject({ name: 'p-viewer' });
    expect(await login((await issue('admin')).token, '10.3.0.1')).toMatchObject({ name: 'p-admin' });
    await expect(login(unknownToken, '10.3.0.2')).rejects.toMatchObject({ code: 'access.unauthenticated' });
    clock.atMs += 60_000;
    await expect(login(unknownToken, '10.3.0.1')).rejects.toMatchObject({ code: 'access.unauthenticated' });
    expect(await refusalsFrom('10.3.0.1')).toHaveLength(4);
  });

  it('bounds what an address beyond the limit may ask of the database', async () => {
    const { login, issue, clock, store } = aHub({ failuresPerMinute: 1 });
    const { token } = await issue();
    await expect(login(unknownToken, '10.5.0.1')).rejects.toMatchObject({ code: 'access.unauthenticated' });
    for (let i = 0; i < 50; i += 1) await login(unknownToken, '10.5.0.1').catch(() => {});
    await expect(login(token, '10.5.0.1')).rejects.toMatchObject({ code: 'access.too-many-attempts' });
    expect(await store.list({ beforeId: null, limit: 1 })).toMatchObject([{ lastUsedAt: null }]);
    clock.atMs += 1000;
    expect(await login(token, '10.5.0.1')).toMatchObject({ name: 'p-viewer' });
  });

  it('bounds the refusals of unnamed callers from many addresses, and still writes down those of a named one', async () => {
    const { refusals, clock } = aHub();
    const action = 'access.unauthenticated' as const;
    for (let i = 0; i < 80; i += 1) {
      const address = `10.6.${i}.1`;
      await refusals.record({ actor: 'anonymous', action, subject: 'flood', reason: '', address }, clock.atMs);
    }
    await refusals.record({ actor: 'eve', action, subject: 'flood', reason: '', address: '10.6.0.1' }, clock.atMs);
    const { rows } = await database.pool.query(
      `select actor, count(*) as count from ledger where subject = 'flood' group by actor order by actor`,
    );
    expect(rows).toEqual([
      { actor: 'anonymous', count: 50 },
      { actor: 'eve', count: 1 },
    ]);
  });

  it('keeps one caller from filling the ledger with refusals', async () => {
    const { refusals, clock } = aHub();
    const authorise = new Authorise({ refusals, clock });
    const principal = { id: 1 as never, name: 'noisy', kind: 'robot', role: 'viewer', tokenId: 1 } as const;
    const ask = () =>
      authorise.authorise({ principal, permission: 'access.manage', subject: 'route:x', address: '10.4.0.1' });
    for (let i = 0; i < 30; i += 1) await expect(ask()).rejects.toMatchObject({ code: 'access.denied' });
    expect(await refusalsFrom('10.4.0.1')).toHaveLength(10);
  });
});
