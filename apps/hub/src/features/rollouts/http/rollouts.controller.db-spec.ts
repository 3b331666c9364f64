import {
  Group,
  pageOf,
  Problem,
  Rollout,
  RolloutPlan,
  RolloutTarget,
  RolloutWave,
  Target,
} from '@fairlead/shared/contracts';
import { readEvents } from '@fairlead/shared/client';
import { eventually } from '@fairlead/shared/test-kit';
import { usePostgres } from '../../../../../../test/harness/postgres.ts';
import { useHub } from '../../../../test/use-hub.ts';
import { inTransaction } from '../../../platform/database/pool.ts';
import { remind } from '../../../platform/database/outbox.ts';
import { TestFleet } from '../testing/test-fleet.ts';

const database = usePostgres();
const hub = useHub(database, { env: { FAIRLEAD_HEARTBEAT_MS: '60000' } });
const rings = { c1: 'canary', c2: 'rest' };
const because = { reason: 'because' };

async function call<T>(schema: { parse(value: unknown): T }, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await hub().call(method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return schema.parse(answer.body);
}

async function refused(method: string, path: string, body?: unknown): Promise<{ status: number; code: string }> {
  const answer = await hub().call(method, path, body);
  return { status: answer.status, code: Problem.parse(answer.body).code };
}

async function aFleet(): Promise<TestFleet> {
  const fleet = await TestFleet.with(database.pool, rings);
  fleet.now = Date.now();
  fleet.replica = hub().platform.presence.id;
  for (const name of fleet.clusters.keys()) await fleet.connect(name);
  return fleet;
}

/** What the other features do after they wrote something. */
async function wake(fleet: TestFleet): Promise<void> {
  await inTransaction(hub().platform.pool, (tx) => remind(tx, 'advance-group', fleet.groupId));
}

const newest = async (fleet: TestFleet) => {
  const { items } = await call(pageOf(Rollout), 'GET', `/v1/rollouts?group=${fleet.group}&limit=1`);
  if (!items[0]) throw new Error('no rollout yet');
  return items[0];
};

async function until(fleet: TestFleet, state: string): Promise<Rollout> {
  return eventually(async () => {
    fleet.now = Date.now();
    await fleet.report();
    await wake(fleet);
    const rollout = await newest(fleet);
    if (rollout.state !== state) throw new Error(`${rollout.state}: ${rollout.reason}`);
    return rollout;
  });
}

async function onRelease(text: string): Promise<TestFleet> {
  const fleet = await aFleet();
  await fleet.release(() => text);
  await wake(fleet);
  await until(fleet, 'succeeded');
  return fleet;
}

describe('rollouts over HTTP', () => {
  it('shows a rollout with its waves, targets and history', async () => {
    const fleet = await aFleet();
    await fleet.release(() => '1');
    await wake(fleet);
    const running = await eventually(() => newest(fleet));
    expect(running).toMatchObject({ state: 'running', startedBy: 'hub', release: { number: 1 } });
    expect(running.reason).toMatch(/^wave canary: 0 of 1 clusters done/);
    const waves = await call(pageOf(RolloutWave), 'GET', `/v1/rollouts/${running.id}/waves`);
    expect(waves.items.map((wave) => [wave.name, wave.state, wave.counts.inFlight])).toEqual([
      ['canary', 'running', 1],
      ['rest', 'pending', 0],
    ]);
    const done = await until(fleet, 'succeeded');
    expect(done.reason).toBeNull();
    const targets = await call(pageOf(RolloutTarget), 'GET', `/v1/rollouts/${done.id}/targets?limit=3`);
    expect(targets.items.map((target) => target.state)).toEqual(['done', 'done', 'done']);
    const rest = await call(pageOf(RolloutTarget), 'GET', `/v1/rollouts/${done.id}/targets?cursor=${targets.next}`);
    expect(rest.items).toHaveLength(1);

    const seen: string[] = [];
    const stopping = new AbortController();
    for await (const event of readEvents({
      baseUrl: hub().url,
      token: hub().adminToken,
      path: `/v1/rollouts/${done.id}/events`,
      signal: stopping.signal,
    })) {
      const { state } = JSON.parse(event.text) as { state: string };
      seen.push(`${event.type} ${state}`);
      if (event.type === 'rollout' && state === 'succeeded') stopping.abort();
    }
    expect(seen[0]).toBe('rollout running');
    expect(seen).toContain('target done');
    expect(seen).toContain('wave passed');
  });

  it('fires a due soak by its own timer, within a fraction of a second', async () => {
    const fleet = await aFleet();
    await fleet.release(() => '1', { waves: [{ name: 'all', clusters: 'all', soakMs: 1500 }] });
    await wake(fleet);
    const soaking = await eventually(async () => {
      fleet.now = Date.now();
      await fleet.report();
      const rollout = await newest(fleet);
      if (rollout.waves[0]?.state !== 'soaking') {
        await wake(fleet);
        throw new Error(rollout.reason ?? rollout.state);
      }
      return rollout;
    });
    const done = await eventually(async () => {
      const rollout = await newest(fleet);
      if (rollout.state !== 'succeeded') throw new Error(rollout.state);
      return rollout;
    });
    const lateMs = Date.parse(done.finishedAt ?? '') - Date.parse(soaking.waves[0]?.soakUntil ?? '');
    expect(lateMs).toBeGreaterThanOrEqual(0);
    expect(lateMs).toBeLessThan(500);
  });

  it('starts a rollout only on the plan that was agreed to', async () => {
    const fleet = await onRelease('1');
    await fleet.release(() => '2', { trigger: 'manual' });
    await wake(fleet);
    const group = await eventually(async () => {
      const shown = await call(Group, 'GET', `/v1/groups/${fleet.group}`);
      if (!shown.blocked) throw new Error('not looked at yet');
      return shown;
    });
    expect(group.blocked).toContain('manual');
    const plan = await call(RolloutPlan, 'POST', '/v1/rollout-plans', { group: fleet.group });
    expect(plan).toMatchObject({ unchanged: 0, blocked: [], needsConfirmation: false });
    expect(plan.targets).toHaveLength(4);
    expect(plan.targets[0]).toMatchObject({ added: 0, changed: 2, deleted: 0 });
    const body = { group: fleet.group, planHash: 'x'.repeat(64) };
    expect(await refused('POST', '/v1/rollouts', body)).toEqual({ status: 409, code: 'rollout.plan-changed' });
    const started = await call(Rollout, 'POST', '/v1/rollouts', { group: fleet.group, planHash: plan.planHash });
    expect(started).toMatchObject({ state: 'running', startedBy: 'admin', planHash: plan.planHash });
    expect(await refused('POST', '/v1/rollouts', { group: fleet.group })).toMatchObject({ code: 'rollout.active' });
    await until(fleet, 'succeeded');
    expect(await refused('POST', '/v1/rollouts', { group: fleet.group })).toMatchObject({ code: 'rollout.nothing' });
  });

  it('pauses, resumes, cancels and holds, and refuses what does not fit', async () => {
    const fleet = await onRelease('1');
    await fleet.release(() => '2');
    await wake(fleet);
    const running = await eventually(async () => {
      const rollout = await newest(fleet);
      if (rollout.state !== 'running') throw new Error(rollout.state);
      return rollout;
    });
    const at = `/v1/rollouts/${running.id}`;
    expect(await call(Rollout, 'POST', `${at}/pause`, because)).toMatchObject({
      state: 'paused',
      reason: 'paused by admin: because',
    });
    expect(await refused('POST', `${at}/pause`, because)).toEqual({ status: 409, code: 'rollout.refused' });
    expect(await call(Rollout, 'POST', `${at}/resume`, because)).toMatchObject({ state: 'running' });
    expect(await call(Rollout, 'POST', `${at}/cancel`, because)).toMatchObject({ state: 'cancelled' });
    const group = await call(Group, 'GET', `/v1/groups/${fleet.group}`);
    expect(group.hold).toMatchObject({ release: 1, policy: 'untilReleased' });
    expect(group.blocked).toMatch(/^held until a person releases it/);
    await call(Group, 'POST', `/v1/groups/${fleet.group}/release-hold`, because);
    expect((await until(fleet, 'succeeded')).release.number).toBe(2);
    const { rows } = await database.pool.query<{ action: string; outcome: string }>(
      `select action, outcome from ledger where subject = $1 and actor = 'admin' order by id`,
      [`rollout:${running.id}`],
    );
    expect(rows.map((row) => `${row.action} ${row.outcome}`)).toEqual([
      'rollout.pause done',
      'rollout.pause refused',
      'rollout.resume done',
      'rollout.cancel done',
    ]);
  });

  it('rolls a group back to an earlier release and keeps it there', async () => {
    const fleet = await onRelease('1');
    await fleet.release(() => '2');
    await wake(fleet);
    await eventually(async () => expect((await newest(fleet)).release.number).toBe(2));
    await until(fleet, 'succeeded');
    const started = await call(Rollout, 'POST', `/v1/groups/${fleet.group}/rollback`, because);
    expect(started).toMatchObject({ kind: 'rollback', release: { number: 1 }, state: 'running' });
    expect(await until(fleet, 'succeeded')).toMatchObject({ kind: 'rollback' });
    await fleet.release(() => '3');
    await wake(fleet);
    await eventually(async () => {
      const group = await call(Group, 'GET', `/v1/groups/${fleet.group}`);
      expect(group).toMatchObject({ newestRelease: { number: 3 }, hold: { release: 1, policy: 'untilReleased' } });
      expect(group.blocked).toContain('rolled back to release #1 by admin');
    });
    expect((await newest(fleet)).id).toBe(started.id);
  });

  it('gives a repeated request its first answer, and refuses its key for another', async () => {
    const fleet = await onRelease('1');
    const hold = (reason: string) =>
      fetch(new URL(`/v1/groups/${fleet.group}/hold`, hub().url), {
        method: 'POST',
        headers: {
          authorization: `Bearer ${hub().adminToken}`,
          'content-type': 'application/json',
          'idempotency-key': `key-${fleet.group}`,
        },
        body: JSON.stringify({ reason }),
      });
    const first: unknown = await (await hold('a')).json();
    expect(await (await hold('a')).json()).toEqual(first);
    expect((await hold('b')).status).toBe(409);
    const { rowCount } = await database.pool.query(
      `select from ledger where action = 'group.hold' and subject = $1 and outcome = 'done'`,
      [`group:${fleet.group}`],
    );
    expect(rowCount).toBe(1);
  });

  it('lists targets; health of a silent cluster is unknown, with the time it was last heard of', async () => {
    const fleet = await onRelease('1');
    const path = `/v1/targets?group=${fleet.group}`;
    const all = await call(pageOf(Target), 'GET', path);
    expect(all.items).toHaveLength(4);
    expect(all.items.every((target) => target.health === 'healthy')).toBe(true);
    await fleet.disconnect('c2');
    const unknown = await call(pageOf(Target), 'GET', `${path}&health=unknown`);
    expect(unknown.items.map((target) => target.cluster)).toEqual(Array(2).fill(`c2-${fleet.group}`));
    expect(unknown.items[0]?.asOf).not.toBeNull();
    const page = await call(pageOf(Target), 'GET', `${path}&limit=3`);
    expect((await call(pageOf(Target), 'GET', `${path}&cursor=${page.next}`)).items).toHaveLength(1);
  });

  it.each([
    ['GET', '/v1/rollouts/999999', 404, 'rollout.not-found'],
    ['GET', '/v1/rollouts/nonsense', 404, 'rollout.not-found'],
    ['GET', '/v1/groups/nobody', 404, 'group.not-found'],
    ['GET', '/v1/rollouts?cursor=zzz', 400, 'request.invalid-cursor'],
    ['GET', '/v1/targets?limit=501', 400, 'request.invalid'],
    ['POST', '/v1/rollouts/1/pause', 400, 'request.invalid'],
  ])('%s %s is %i %s', async (method, path, status, code) => {
    expect(await refused(method, path, method === 'POST' ? {} : undefined)).toEqual({ status, code });
  });
});
