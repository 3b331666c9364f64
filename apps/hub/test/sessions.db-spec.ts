import { eventually } from '@fairlead/shared/test-kit';
import { usePostgres } from '../../../test/harness/postgres.ts';
import { ack, assignedAgent, status } from './assigned-agent.ts';
import { assign, digestOf, storeSnapshot } from './fleet-rows.ts';
import { TestAgent } from './test-agent.ts';
import { startHubInProcess, useHub } from './use-hub.ts';

const database = usePostgres();
const heartbeatMs = 400;
const hub = useHub(database, { env: { FAIRLEAD_HEARTBEAT_MS: String(heartbeatMs) } });

async function connectionOf(name: string): Promise<string> {
  const { body } = await hub().call('GET', `/v1/clusters/${name}`);
  return (body as { connection: string }).connection;
}

const becomes = (name: string, state: string) => eventually(async () => expect(await connectionOf(name)).toBe(state));

const withAssignment = () => assignedAgent(hub(), database.pool);

async function statusRow(appId: number) {
  const { rows } = await database.pool.query<{ epoch: number; counter: number; phase: string; health: string }>(
    `select epoch, counter, phase, health from target_status where app_id = $1`,
    [appId],
  );
  return rows[0];
}

describe('a session', () => {
  it('welcomes the agent with a growing epoch, the sealing keys and all assignments', async () => {
    const agent = await TestAgent.enrolled(hub(), 'hello-1');
    const first = await agent.connect();
    const welcome = await first.until('welcome');
    expect(welcome).toMatchObject({ heartbeatIntervalMs: heartbeatMs, protocolVersion: { major: 1 } });
    expect(Buffer.from(welcome.sealingKeys[0]?.key ?? '', 'base64')).toHaveLength(32);
    expect((await first.until('assign')).assignments).toEqual([]);
    await becomes('hello-1', 'connected');
    const second = await agent.connect();
    expect(second.epoch).toBe(first.epoch + 1);
    expect(await first.closed()).toBe(4009);
    await becomes('hello-1', 'connected');
    second.hangUp();
    await becomes('hello-1', 'unknown');
  });

  it('pushes a new assignment within tens of milliseconds', async () => {
    const { agent, session, appId, releaseId, digest } = await withAssignment();
    const startedAt = performance.now();
    await assign(database.pool, { appId, releaseId, clusterName: agent.name, digest, counter: 2 });
    await session.until('assign', ({ assignments }) => assignments[0]?.counter === 2);
    expect(performance.now() - startedAt).toBeLessThan(500);
  });

  it('stores reports before it confirms them, and wakes the group', async () => {
    const { session, app, appId, digest } = await withAssignment();
    session.send(ack(session, { app, digest }));
    session.send(status(session, { app, digest, report: 2 }));
    const confirmed = await session.until('received', ({ report }) => report === 2);
    expect(confirmed.epoch).toBe(session.epoch);
    expect(await statusRow(appId)).toMatchObject({
      counter: 1,
      phase: 'applied',
      health: 'healthy',
      epoch: session.epoch,
    });
  });

  it('drops what an older epoch says, also when it is still connected', async () => {
    const { agent, session, app, appId, digest } = await withAssignment();
    const next = await agent.connect();
    next.send(ack(session, { app, digest }));
    next.send(status(next, { app, digest, report: 1, applied: false, health: 'progressing' }));
    await next.until('received');
    expect(await statusRow(appId)).toMatchObject({ phase: 'received', health: 'progressing', epoch: next.epoch });
  });

  it('takes what the agent says it has as acknowledged', async () => {
    const { agent, session, app, appId, digest } = await withAssignment();
    session.hangUp();
    const back = await agent.connect([{ app, counter: 1, digest, phase: 'applied' }]);
    expect(await statusRow(appId)).toMatchObject({ phase: 'applied', health: 'unknown', epoch: back.epoch });
  });

  it('lets nobody speak for the targets of another cluster', async () => {
    const { app, appId, digest } = await withAssignment();
    const other = await withAssignment();
    other.session.send(ack(other.session, { app, digest }));
    await other.session.until('received');
    expect(await statusRow(appId)).toBeUndefined();
  });

  it('records drift', async () => {
    const { session, app, appId, digest } = await withAssignment();
    const at = new Date().toISOString();
    const item = {
      object: '/ConfigMap/default/c0',
      apiVersion: 'v1',
      path: '/data/a',
      change: 'changed' as const,
      contended: false,
      desired: '1',
      live: '2',
      manager: 'kubectl-edit',
      operation: 'Update',
      managerAt: at,
      confidence: 'high' as const,
      firstSeenAt: at,
    };
    session.send({
      type: 'drift',
      epoch: session.epoch,
      report: 1,
      app,
      counter: 1,
      digest,
      at,
      opened: [item],
      closed: [],
    });
    await session.until('received');
    const { rows } = await database.pool.query(`select path, manager, state from drift_items where app_id = $1`, [
      appId,
    ]);
    expect(rows).toEqual([{ path: '/data/a', manager: 'kubectl-edit', state: 'open' }]);
  });

  it('answers what it does not know with `unsupported`, and survives what is broken', async () => {
    const session = await (await TestAgent.enrolled(hub(), 'odd-1')).connect();
    session.send({ type: 'events', epoch: 1 });
    expect(await session.until('unsupported')).toMatchObject({ receivedType: 'events' });
    session.socket.send('{"type":');
    session.send({ type: 'ack', epoch: 'x' });
    session.send({ type: 'another' });
    await session.until('unsupported', ({ receivedType }) => receivedType === 'another');
    expect(session.closeCode).toBeUndefined();
  });

  it('is closed when it reports before its hello, or speaks another major version', async () => {
    const agent = await TestAgent.enrolled(hub(), 'odd-2');
    const hasty = await agent.dial();
    hasty.send(ack(hasty, { app: 'a', digest: digestOf('x') }));
    expect(await hasty.closed()).toBe(4000);
    const foreign = await agent.dial();
    foreign.send({ ...agent.hello(), protocolVersion: { major: 2, minor: 0 } });
    expect(await foreign.closed()).toBe(1008);
  });

  it('is refused to the same key from another cluster, which the ledger remembers', async () => {
    const agent = await TestAgent.enrolled(hub(), 'twin-1');
    const genuine = await agent.connect();
    const twin = await agent.elsewhere('stolen-uid').dial();
    twin.send(agent.elsewhere('stolen-uid').hello());
    expect(await twin.closed()).toBe(4003);
    const { rows } = await database.pool.query(
      `select reason, details->'security' as security from ledger where subject = 'cluster:twin-1' and outcome = 'refused'`,
    );
    expect(rows).toEqual([{ reason: 'fingerprint-mismatch', security: true }]);
    expect(genuine.closeCode).toBeUndefined();
  });

  it('is cut within 5 s of the revocation, and not opened again', async () => {
    const agent = await TestAgent.enrolled(hub(), 'revoke-1');
    const session = await agent.connect();
    const token = await agent.accessToken();
    await hub().call('POST', '/v1/clusters/revoke-1/revoke', { reason: 'test' });
    expect(await session.closed(5000)).toBe(4001);
    const answer = await hub().call('POST', `/agent/v1/snapshots/${digestOf('any')}`, { base: null }, token);
    expect(answer).toMatchObject({ status: 401, body: { code: 'agent.unauthenticated' } });
    await expect(agent.dial()).rejects.toThrow('401');
  });

  it('becomes unknown when signs of life stop, and not while they come', async () => {
    const agent = await TestAgent.enrolled(hub(), 'silent-1');
    const session = await agent.connect();
    const beats = setInterval(() => session.socket.ping(), heartbeatMs / 2);
    const startedAt = performance.now();
    await eventually(() => expect(performance.now() - startedAt).toBeGreaterThan(5 * heartbeatMs));
    expect(await connectionOf('silent-1')).toBe('connected');
    clearInterval(beats);
    await becomes('silent-1', 'unknown');
  });
});

describe('snapshots', () => {
  it('are given to the cluster they are assigned to, without what its base has', async () => {
    const { agent, digest, app, appId, releaseId } = await withAssignment();
    const whole = await agent.snapshot(digest);
    expect(whole).toMatchObject({ status: 200, body: { digest, objects: [{ id: '/ConfigMap/default/c0' }, {}] } });
    const blobs = (answer: { body: unknown }) =>
      (answer.body as { blobs: { json: string }[] }).blobs.map(({ json }) => json);
    expect(blobs(whole).sort()).toEqual([`{"of":"${agent.name}"}`, `{"shared":true}`]);
    const next = await storeSnapshot(database.pool, `next-of-${app}`, [`{"new":true}`, `{"shared":true}`]);
    await assign(database.pool, { appId, releaseId, clusterName: agent.name, digest: next, counter: 2 });
    expect(blobs(await agent.snapshot(next, digest))).toEqual([`{"new":true}`]);
  });

  it('are not given to others', async () => {
    const { digest } = await withAssignment();
    const { agent } = await withAssignment();
    expect(await agent.snapshot(digest)).toMatchObject({ status: 404, body: { code: 'snapshot.not-assigned' } });
    expect((await hub().call('POST', `/agent/v1/snapshots/${digest}`, { base: null })).status).toBe(401);
  });
});

describe('several hub processes', () => {
  it('cut a revoked agent and push assignments wherever its socket is', async () => {
    const other = await startHubInProcess(database, { dataDir: hub().platform.config.dataDir });
    try {
      const { agent, session, appId, releaseId, digest } = await withAssignment();
      session.hangUp();
      const elsewhere = await agent.elsewhere(agent.fingerprint, other).connect();
      await assign(database.pool, { appId, releaseId, clusterName: agent.name, digest, counter: 2 });
      await elsewhere.until('assign', ({ assignments }) => assignments[0]?.counter === 2);
      await hub().call('POST', `/v1/clusters/${agent.name}/revoke`, { reason: 'test' });
      expect(await elsewhere.closed(5000)).toBe(4001);
    } finally {
      await other.stop();
    }
  });

  it('end the sessions of one that died', async () => {
    const { agent, session } = await withAssignment();
    await database.pool.query(
      `update agent_sessions set replica = 'gone/1', disconnected_at = null, last_heartbeat_at = now()
      where cluster_id = (select id from clusters where name = $1)`,
      [agent.name],
    );
    const other = await startHubInProcess(database, { dataDir: hub().platform.config.dataDir });
    try {
      const { rows } = await database.pool.query(
        `select 1 from agent_sessions where replica = 'gone/1' and disconnected_at is null`,
      );
      expect(rows).toEqual([]);
    } finally {
      session.hangUp();
      await other.stop();
    }
  });

  it('ask agents to try again when they stop', async () => {
    const other = await startHubInProcess(database, { dataDir: hub().platform.config.dataDir });
    const agent = await TestAgent.enrolled(hub(), 'moving-1');
    const session = await agent.elsewhere(agent.fingerprint, other).connect();
    await other.stop();
    expect(await session.closed()).toBe(1012);
    expect(await connectionOf('moving-1')).toBe('unknown');
  });
});
