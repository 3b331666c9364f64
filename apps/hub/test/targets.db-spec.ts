import { Problem, TargetDetail, type StatusMessage } from '@fairlead/shared/contracts';
import { usePostgres } from '../../../test/harness/postgres.ts';
import { ack, assignedAgent, status, type AssignedAgent } from './assigned-agent.ts';
import { assign } from './fleet-rows.ts';
import { useHub } from './use-hub.ts';

const database = usePostgres();
const hub = useHub(database, { env: { FAIRLEAD_HEARTBEAT_MS: '60000' } });

const pathOf = ({ app, agent }: AssignedAgent) => `/v1/targets/${app}/${agent.name}`;

async function detailOf(of: AssignedAgent): Promise<TargetDetail> {
  return TargetDetail.parse((await hub().call('GET', pathOf(of))).body);
}

async function say(of: AssignedAgent, fields: Partial<StatusMessage>): Promise<void> {
  const { session, app, digest } = of;
  const report = (session.last('received')?.report ?? 0) + 1;
  session.send(status(session, { app, digest, report, ...fields }));
  await session.until('received', (received) => received.report >= report);
}

const pod = {
  name: 'api-1',
  container: 'main',
  reason: 'CrashLoopBackOff',
  events: [{ at: null, type: 'Warning', reason: 'BackOff', message: 'restarting', count: 3 }],
  log: 'panic\n',
};
const failure = { object: 'apps/Deployment/shop/api', reason: 'CrashLoopBackOff', message: 'crashes', pods: [pod] };
const hold = {
  reason: 'inventory-rebuilt' as const,
  hash: 'a'.repeat(64),
  count: 2,
  objects: ['/ConfigMap/shop/a', '/ConfigMap/shop/b'],
};

describe('a target', () => {
  it('is shown with all its agent said of it', async () => {
    const target = await assignedAgent(hub(), database.pool);
    const notices = [{ reason: 'Kept', object: '/ConfigMap/shop/c', message: 'it carries prune: disabled' }];
    await say(target, { failing: [failure], notices, openDrift: 1, unmanaged: 2, contended: 3, pruneHold: hold });
    expect(await detailOf(target)).toMatchObject({
      failing: [failure],
      notices,
      openDrift: 1,
      unmanaged: 2,
      contended: 3,
      pruneHold: hold,
      confirmedPrune: null,
    });
    const { body } = await hub().call('GET', `/v1/targets?app=${target.app}`);
    const { pods: _, ...short } = failure;
    const { objects: __, ...summary } = hold;
    expect(body).toMatchObject({ items: [{ failing: [short], notices, unmanaged: 2, pruneHold: summary }] });
    expect(JSON.stringify(body)).not.toContain('panic');
  });

  it('is shown with a log that the database would not take', async () => {
    const target = await assignedAgent(hub(), database.pool);
    const log = 'a\0b\ud83d';
    await say(target, { failing: [{ ...failure, pods: [{ ...pod, log }] }] });
    expect((await detailOf(target)).failing[0]?.pods[0]?.log).toBe('a\uFFFDb\uFFFD');
  });

  it('that is deleted stays so, whatever status follows', async () => {
    const target = await assignedAgent(hub(), database.pool);
    const { session, app, digest } = target;
    session.send(ack(session, { app, digest, phase: 'deleted' }));
    await session.until('received');
    await say(target, { applied: false, health: 'unknown' });
    expect(await detailOf(target)).toMatchObject({ acknowledged: { phase: 'deleted' }, health: 'unknown' });
    session.hangUp();
    const back = await target.agent.connect([{ app, counter: 1, digest, phase: 'deleted' }]);
    expect(await detailOf(target)).toMatchObject({ acknowledged: { phase: 'deleted' } });
    back.hangUp();
  });

  it('that nobody assigned is not found', async () => {
    const answer = await hub().call('GET', '/v1/targets/nothing/nowhere');
    expect(answer).toMatchObject({ status: 404, body: { code: 'target.not-found' } });
  });
});

describe('deletions an agent holds back', () => {
  const confirm = (of: AssignedAgent, hash: string) =>
    hub().call('POST', `${pathOf(of)}/confirm-prune`, { hash, reason: 'seen' });

  it('go when a person agrees to exactly that set; what is assigned stays as it is', async () => {
    const target = await assignedAgent(hub(), database.pool);
    const before = target.session.last('assign')?.assignments[0];
    await say(target, { pruneHold: hold });
    const answer = await confirm(target, hold.hash);
    expect(answer).toMatchObject({ status: 200, body: { confirmedPrune: hold.hash, pruneHold: hold } });
    const sent = await target.session.until('assign', ({ assignments }) => assignments[0]?.confirmedPrune !== null);
    expect(sent.assignments[0]).toEqual({ ...before, confirmedPrune: hold.hash });
    const { rows } = await database.pool.query(
      `select outcome, reason, details->>'hash' as hash, details->>'held' as held from ledger
       where action = 'target.confirm-prune' and subject = $1`,
      [`target:${target.app}/${target.agent.name}`],
    );
    expect(rows).toEqual([{ outcome: 'done', reason: 'seen', hash: hold.hash, held: 'inventory-rebuilt' }]);
  });

  it('stay when another set, or nothing, is held back, and the ledger says who tried', async () => {
    const target = await assignedAgent(hub(), database.pool);
    expect((await confirm(target, hold.hash)).status).toBe(409);
    await say(target, { pruneHold: hold });
    const refused = await confirm(target, 'b'.repeat(64));
    expect(refused.status).toBe(409);
    expect(Problem.parse(refused.body)).toMatchObject({
      code: 'target.prune-not-held',
      details: { held: hold.hash },
    });
    expect((await detailOf(target)).confirmedPrune).toBeNull();
    const { rows } = await database.pool.query(
      `select reason from ledger where outcome = 'refused' and subject = $1 order by id`,
      [`target:${target.app}/${target.agent.name}`],
    );
    expect(rows).toEqual([{ reason: 'nothing is held back' }, { reason: `the set that is held back is ${hold.hash}` }]);
  });

  it('are agreed to for one assignment only', async () => {
    const target = await assignedAgent(hub(), database.pool);
    await say(target, { pruneHold: hold });
    await confirm(target, hold.hash);
    await target.session.until('assign', ({ assignments }) => assignments[0]?.confirmedPrune !== null);
    const { appId, releaseId, digest, agent } = target;
    await assign(database.pool, { appId, releaseId, clusterName: agent.name, digest, counter: 2 });
    const next = await target.session.until('assign', ({ assignments }) => assignments[0]?.counter === 2);
    expect(next.assignments[0]?.confirmedPrune).toBeNull();
    // The hold was of the assignment before; under this one the agent has to say it again.
    expect((await confirm(target, hold.hash)).status).toBe(409);
  });
});
