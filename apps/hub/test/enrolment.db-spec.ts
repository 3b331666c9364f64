import { usePostgres } from '../../../test/harness/postgres.ts';
import { joinToken, TestAgent } from './test-agent.ts';
import { MovableClock, useHub } from './use-hub.ts';

const database = usePostgres();
const clock = new MovableClock();
const hub = useHub(database, { clock });

async function refusalReasons(cluster: string): Promise<string[]> {
  const { rows } = await database.pool.query<{ reason: string }>(
    `select reason from ledger where subject = $1 and outcome = 'refused' order by id`,
    [`cluster:${cluster}`],
  );
  return rows.map((row) => row.reason);
}

const refused = { status: 401, body: expect.objectContaining({ code: 'enrolment.refused' }) as unknown };

describe('enrolment', () => {
  it('registers a cluster with the labels of its join token', async () => {
    const { token } = await joinToken(hub(), { labels: { ring: 'canary' }, namePattern: 'eu-*' });
    const agent = await TestAgent.make(hub(), 'eu-1');
    expect(await agent.enrol(token)).toMatchObject({
      status: 200,
      body: { clusterName: 'eu-1', audience: 'http://hub.test' },
    });
    expect((await hub().call('GET', '/v1/clusters/eu-1')).body).toMatchObject({
      labels: { ring: 'canary' },
      connection: 'never',
      kubernetesVersion: 'v1.34.0',
    });
  });

  it('answers every bad token with the same words and writes the real reason down', async () => {
    const once = await joinToken(hub(), { maxUses: 1, namePattern: 'bad-*' });
    const expiring = await joinToken(hub(), { ttlSeconds: 60 });
    const revoked = await joinToken(hub());
    expect((await hub().call('DELETE', `/v1/join-tokens/${revoked.id}`)).status).toBe(204);
    await (await TestAgent.make(hub(), 'bad-0')).enrol(once.token);

    const agent = await TestAgent.make(hub(), 'bad-1');
    expect(await agent.enrol('flj_guessed')).toMatchObject(refused);
    expect(await agent.enrol(once.token)).toMatchObject(refused);
    expect(await agent.enrol(revoked.token)).toMatchObject(refused);
    clock.advance(61_000);
    expect(await agent.enrol(expiring.token)).toMatchObject(refused);
    const elsewhere = await joinToken(hub(), { namePattern: 'us-*' });
    expect(await agent.enrol(elsewhere.token)).toMatchObject(refused);
    expect(await refusalReasons('bad-1')).toEqual([
      'unknown-token',
      'used-up-token',
      'revoked-token',
      'expired-token',
      'name-not-allowed',
    ]);
  });

  it('never lets another cluster take over a name', async () => {
    await TestAgent.enrolled(hub(), 'taken');
    const intruder = await TestAgent.make(hub(), 'taken', 'another-uid');
    expect(await intruder.enrol((await joinToken(hub())).token)).toMatchObject({
      status: 409,
      body: { code: 'cluster.name-taken' },
    });
    expect(await refusalReasons('taken')).toEqual(['name-taken']);
  });

  it('replaces the key when the same cluster enrols again', async () => {
    const before = await TestAgent.enrolled(hub(), 'again');
    const after = await TestAgent.make(hub(), 'again');
    expect((await after.enrol((await joinToken(hub())).token)).status).toBe(200);
    expect((await before.requestToken(await before.assertion())).status).toBe(401);
    expect((await after.requestToken(await after.assertion())).status).toBe(200);
  });

  it('lets one of many at once have the last use of a token', async () => {
    const { token } = await joinToken(hub(), { maxUses: 1 });
    const agents = await Promise.all(['race-1', 'race-2', 'race-3'].map((name) => TestAgent.make(hub(), name)));
    const answers = await Promise.all(agents.map((agent) => agent.enrol(token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
  });
});

describe('agent access tokens', () => {
  it('are given once for each assertion', async () => {
    const agent = await TestAgent.enrolled(hub(), 'tok-1');
    const assertion = await agent.assertion();
    expect(await agent.requestToken(assertion)).toMatchObject({
      status: 200,
      body: { token_type: 'Bearer', expires_in: 600 },
    });
    expect(await agent.requestToken(assertion)).toMatchObject({ status: 401, body: { code: 'agent.unauthenticated' } });
  });

  it('are refused for a wrong audience, a foreign issuer, a long or past life and no id', async () => {
    const agent = await TestAgent.enrolled(hub(), 'tok-2');
    const now = Math.floor(clock.nowMs() / 1000);
    const bad = [
      { aud: 'http://elsewhere.test' },
      { iss: 'somebody' },
      { exp: now + 600 },
      { exp: now - 60 },
      { jti: undefined },
    ];
    for (const claims of bad) expect((await agent.requestToken(await agent.assertion(claims))).status).toBe(401);
    expect((await agent.requestToken('not a token')).status).toBe(401);
  });

  it('are refused to a revoked cluster, which comes back only with a newer join token', async () => {
    const old = await joinToken(hub());
    const agent = await TestAgent.make(hub(), 'tok-3');
    await agent.enrol(old.token);
    expect(await hub().call('POST', '/v1/clusters/tok-3/revoke', { reason: 'stolen' })).toMatchObject({
      status: 200,
      body: { connection: 'revoked' },
    });
    expect((await agent.requestToken(await agent.assertion())).status).toBe(401);
    expect(await agent.enrol(old.token)).toMatchObject(refused);
    expect((await agent.enrol((await joinToken(hub())).token)).status).toBe(200);
    expect((await agent.requestToken(await agent.assertion())).status).toBe(200);
  });
});

describe('clusters', () => {
  it('are listed by name in pages', async () => {
    for (const name of ['page-a', 'page-b', 'page-c']) await TestAgent.enrolled(hub(), name);
    const names: string[] = [];
    let cursor: string | null = 'page-';
    while (cursor !== null && names.length < 3) {
      const { body } = await hub().call('GET', `/v1/clusters?limit=1&cursor=${cursor}`);
      const page = body as { items: { name: string }[]; next: string | null };
      names.push(...page.items.map((item) => item.name));
      cursor = page.next;
    }
    expect(names).toEqual(['page-a', 'page-b', 'page-c']);
  });

  it('have labels merged, and every source read again when that changes something', async () => {
    await TestAgent.enrolled(hub(), 'label-1');
    const facts = async () => {
      const { rows } = await database.pool.query<{ facts_version: number }>(
        `select facts_version from clusters where name = 'label-1'`,
      );
      return rows[0]?.facts_version;
    };
    const patch = (labels: unknown) => hub().call('PATCH', '/v1/clusters/label-1/labels', { labels });
    expect(await patch({ ring: 'early', zone: 'a' })).toMatchObject({
      status: 200,
      body: { labels: { ring: 'early', zone: 'a' } },
    });
    expect(await patch({ zone: null })).toMatchObject({ body: { labels: { ring: 'early' } } });
    const version = await facts();
    await patch({ ring: 'early' });
    expect(await facts()).toBe(version);
  });

  it('that do not exist are not found', async () => {
    expect(await hub().call('GET', '/v1/clusters/nowhere')).toMatchObject({
      status: 404,
      body: { code: 'cluster.not-found' },
    });
  });
});
