import { usePostgres } from '../../../../../../test/harness/postgres.ts';
import { digestOf, TestFleet } from '../testing/test-fleet.ts';

const database = usePostgres();
const rings = { c1: 'canary', c2: 'rest', c3: 'rest' };
const version = (text: string) => () => text;
const soaking = {
  waves: [
    { name: 'canary', clusters: { matchLabels: { ring: 'canary' } }, soakMs: 60_000 },
    { name: 'rest', clusters: 'all' as const, soakMs: 0 },
  ],
};

async function onVersion(text: string, strategy = {}): Promise<TestFleet> {
  const fleet = await TestFleet.with(database.pool, rings);
  await fleet.release(version(text), strategy);
  await fleet.run();
  if ((await fleet.last()).state === 'running') {
    await fleet.pass(60_000);
    await fleet.run();
  }
  expect(await fleet.last()).toMatchObject({ state: 'succeeded' });
  return fleet;
}

describe('a group that is advanced', () => {
  it('goes through two waves, the second after acknowledgement, health and soak of the first', async () => {
    const fleet = await TestFleet.with(database.pool, rings);
    await fleet.release(version('1'), soaking);
    await fleet.advance.advance(fleet.groupId);
    expect(Object.keys(await fleet.assignments())).toEqual(['gateway@c1']);

    await fleet.run();
    expect(Object.keys(await fleet.assignments()).sort()).toEqual(['gateway@c1', 'orders@c1']);
    expect(await fleet.waves()).toEqual({ canary: 'soaking', rest: 'pending' });
    expect((await fleet.last()).reason).toContain('wave canary: 1 of 1 clusters done; soaking');
    expect(fleet.checks.at(-1)).toBe(fleet.now + 60_000);

    await fleet.pass(59_000);
    await fleet.run();
    expect(Object.keys(await fleet.assignments())).toHaveLength(2);
    await fleet.pass(1000);
    await fleet.run();
    expect(await fleet.last()).toMatchObject({ state: 'succeeded', reason: null });
    expect(Object.keys(await fleet.assignments())).toHaveLength(6);
    expect(await fleet.blocked()).toBeNull();
  });

  it('rolls a failing canary back, holds, and stays held over unrelated commits until one is fixed', async () => {
    const fleet = await onVersion('1');
    await fleet.release((app) => (app === 'orders' ? 'bad' : '1'));
    await fleet.run({ 'orders@c1': { health: 'failed' } });
    expect(await fleet.last()).toMatchObject({ number: 2, state: 'rolledBack' });
    expect((await fleet.last()).reason).toContain('CrashLoop');
    const targets = await fleet.targets();
    expect(targets['orders@c1']).toMatchObject({ state: 'rolledBack', touched: true });
    expect(targets['orders@c2']).toMatchObject({ state: 'untouched', touched: false });
    const assignments = await fleet.assignments();
    expect(assignments['orders@c1']).toMatchObject({ digest: digestOf('orders', '1'), counter: 3 });
    expect(assignments['orders@c2']).toMatchObject({ digest: digestOf('orders', '1'), counter: 1 });
    expect(await fleet.hold()).toMatchObject({ number: 1, policy: 'untilFixed' });

    // An unrelated commit: another gateway, the same bad orders.
    for (const gateway of ['2', '3']) {
      await fleet.release((app) => (app === 'orders' ? 'bad' : gateway));
      await fleet.run();
      expect(await fleet.last()).toMatchObject({ number: 2, state: 'rolledBack' });
      expect(await fleet.blocked()).toMatch(/^blocked: contains quarantined orders-\w+ on c1-/);
    }

    await fleet.release((app) => (app === 'orders' ? 'fixed' : '3'));
    await fleet.run();
    expect(await fleet.last()).toMatchObject({ number: 5, state: 'succeeded' });
    expect(await fleet.hold()).toBeNull();
    expect(await fleet.blocked()).toBeNull();
  });

  it('rolls back a canary that crash-loops after it was healthy, within the soak', async () => {
    const fleet = await onVersion('1', soaking);
    await fleet.release(version('2'), { ...soaking, degradedGraceMs: 30_000 });
    await fleet.run();
    expect(await fleet.waves()).toEqual({ canary: 'soaking', rest: 'pending' });
    await fleet.pass(10_000);
    await fleet.run({ 'orders@c1': { health: 'degraded' } });
    expect(await fleet.waves()).toEqual({ canary: 'running', rest: 'pending' });
    expect(fleet.checks.at(-1)).toBe(fleet.now + 30_000);
    await fleet.pass(30_000);
    await fleet.run({ 'orders@c1': { health: 'degraded' } });
    expect(await fleet.last()).toMatchObject({ state: 'rolledBack' });
    expect((await fleet.last()).reason).toContain('unhealthy for longer than 30 s');
  });

  it('freezes a first install that fails: nothing to go back to, nothing deleted', async () => {
    const fleet = await TestFleet.with(database.pool, rings);
    await fleet.release(version('bad'));
    await fleet.run({ 'gateway@c1': { phase: 'failed', permanent: true, message: 'denied' } });
    expect(await fleet.last()).toMatchObject({ state: 'rollbackFailed' });
    expect((await fleet.targets())['gateway@c1']).toMatchObject({
      state: 'failed',
      frozen: true,
      reason: 'failed, nothing to go back to',
    });
    expect(await fleet.assignments()).toMatchObject({ 'gateway@c1': { mode: 'frozen', counter: 2 } });
    expect(await fleet.hold()).toMatchObject({ number: null });

    await fleet.release(version('good'));
    await fleet.run();
    expect(await fleet.last()).toMatchObject({ number: 2, state: 'succeeded' });
    expect((await fleet.assignments())['gateway@c1']).toMatchObject({ mode: 'reconcile', counter: 3 });
  });

  it('pauses itself when many agents go silent together, and counts no failure', async () => {
    const fleet = await TestFleet.with(database.pool, { ...rings, c4: 'rest', c5: 'rest' });
    await fleet.release(version('1'), { progressDeadlineMs: 5000 });
    await fleet.run();
    await fleet.release(version('2'), { progressDeadlineMs: 5000 });
    await fleet.run({ '*': { phase: 'received', health: 'unknown' } });
    await fleet.pass(500);
    for (const cluster of fleet.clusters.keys()) await fleet.disconnect(cluster);
    await fleet.pass(500);
    await fleet.advance.advance(fleet.groupId);
    expect(await fleet.last()).toMatchObject({ state: 'paused' });
    expect((await fleet.last()).reason).toMatch(/^hub connectivity/);
    await fleet.pass(3_600_000);
    await fleet.advance.advance(fleet.groupId);
    expect(await fleet.last()).toMatchObject({ state: 'paused' });
    for (const cluster of fleet.clusters.keys()) await fleet.connect(cluster);
    await fleet.run();
    expect(await fleet.last()).toMatchObject({ number: 2, state: 'succeeded' });
  });

  it('lets a newer release take over once what is in flight has finished', async () => {
    const fleet = await onVersion('1');
    await fleet.release(version('2'));
    await fleet.advance.advance(fleet.groupId);
    await fleet.release(version('3'));
    await fleet.advance.advance(fleet.groupId);
    expect(await fleet.last()).toMatchObject({ number: 2, state: 'superseding' });
    expect((await fleet.targets())['gateway@c2']).toMatchObject({ state: 'pending' });
    await fleet.run();
    expect((await fleet.rollouts()).map((rollout) => `${rollout.number} ${rollout.state}`)).toEqual([
      '1 succeeded',
      '2 superseded',
      '3 succeeded',
    ]);
  });

  it('goes on without an offline cluster and brings it straight to the current release when it is back', async () => {
    const fleet = await onVersion('1');
    await fleet.disconnect('c3');
    await fleet.pass(4000);
    for (const text of ['2', '3']) {
      await fleet.release(version(text));
      await fleet.run();
      expect(await fleet.last()).toMatchObject({ state: 'succeeded' });
    }
    expect((await fleet.targets())['orders@c3']).toMatchObject({ state: 'offline' });
    const rolloutsBefore = (await fleet.rollouts()).length;
    await fleet.connect('c3');
    await fleet.run();
    expect((await fleet.assignments())['orders@c3']).toMatchObject({ digest: digestOf('orders', '3'), counter: 2 });
    expect(await fleet.rollouts()).toHaveLength(rolloutsBefore + 1);
    expect(Object.keys(await fleet.targets()).sort()).toEqual(['gateway@c3', 'orders@c3']);
  });

  it('brings a cluster that joins late along, and during a hold to what the group is held on', async () => {
    const fleet = await onVersion('1');
    const bad = await fleet.release((app) => (app === 'orders' ? 'bad' : '1'));
    await fleet.run({ 'orders@c1': { health: 'failed' } });
    expect(await fleet.last()).toMatchObject({ state: 'rolledBack' });
    await fleet.join('c9', 'rest');
    const first = (
      await fleet.pool.query<{ id: number }>(`select min(id) as id from releases where group_id = ${fleet.groupId}`)
    ).rows[0]!.id;
    for (const app of ['gateway', 'orders']) {
      await fleet.addEntry(first, app, 'c9', digestOf(app, '1'));
      await fleet.addEntry(bad, app, 'c9', digestOf(app, app === 'orders' ? 'bad' : '1'));
    }
    await fleet.run();
    expect((await fleet.assignments())['orders@c9']).toMatchObject({ digest: digestOf('orders', '1'), counter: 1 });
    expect(await fleet.last()).toMatchObject({ number: 1, state: 'succeeded' });
    expect(await fleet.hold()).not.toBeNull();
  });

  it('waits for a person when a plan deletes more than the guard allows', async () => {
    const fleet = await onVersion('1');
    await fleet.release((app) => (app === 'orders' ? null : '2'));
    await fleet.run();
    expect(await fleet.last()).toMatchObject({ state: 'awaitingStart' });
    expect((await fleet.last()).reason).toMatch(/orders-\w+ leaves 3 of its 3 clusters/);
    expect((await fleet.assignments())['gateway@c1']).toMatchObject({ digest: digestOf('gateway', '1') });
  });

  it('counts a status of another digest, counter or session for nothing', async () => {
    const fleet = await onVersion('1');
    await fleet.release(version('2'));
    await fleet.advance.advance(fleet.groupId);
    await fleet.report();
    await fleet.pool.query(
      `update target_status set counter = counter - 1 where cluster_id = ${fleet.clusters.get('c1')}`,
    );
    await fleet.advance.advance(fleet.groupId);
    expect((await fleet.targets())['gateway@c1']).toMatchObject({ state: 'assigned' });
    await fleet.report();
    await fleet.connect('c1');
    await fleet.advance.advance(fleet.groupId);
    expect((await fleet.targets())['gateway@c1']).toMatchObject({
      state: 'applied',
      reason: 'applied; its health is unknown',
    });
    await fleet.run();
    expect(await fleet.last()).toMatchObject({ state: 'succeeded' });
  });
});
