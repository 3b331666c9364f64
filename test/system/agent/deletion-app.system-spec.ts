import type { KubeObject } from '@fairlead/manifests';
import type { Assignment } from '@fairlead/shared/contracts';
import { eventually } from '@fairlead/shared/test-kit';
import { configMap, definition, deployment } from '../../fixtures/kube-objects.ts';
import { settle, useStory } from '../../harness/agent-story.ts';

/** An app that goes away because somebody approved exactly that. */
describe('deleting an app', () => {
  const story = useStory('deletion');
  const key = (app: string, name: string) => `/ConfigMap/${story().namespace(app)}/${name}`;
  const objects = [configMap('one', { v: '1' }), configMap('two', {}), deployment('api')];
  type Policy = NonNullable<Assignment['deletion']>['policy'];
  const deletion = async (app: string, policy: Policy, timeoutMs = 60_000) => ({
    intentId: 1,
    objectSetHash: await story().setHash(app),
    policy,
    timeoutMs,
  });
  const go = async (app: string, policy: Policy, timeoutMs?: number) =>
    story().assign(app, [], { mode: 'delete', deletion: await deletion(app, policy, timeoutMs) });
  const ack = (assignment: Assignment, phase: string) =>
    eventually(() => {
      const last = story()
        .hub.acks(assignment.app)
        .findLast(({ counter }) => counter === assignment.counter);
      if (last?.phase !== phase) throw new Error(`ack is ${JSON.stringify(last)}`);
      return last;
    }, settle);
  const deletes = (app: string) =>
    story()
      .stub.writes()
      .filter(({ method, url }) => method === 'DELETE' && url.includes(story().namespace(app)))
      .map(({ url }) => url.split('/').at(-1) ?? '');
  const hold = (app: string, name: string, finalizers: string[] | null) =>
    story().kube.merge(story().configMap(app, name), { metadata: { finalizers } });

  it('[case 75] lets all objects stay with policy orphan, without our marks, and forgets them', async () => {
    await story().release('orphan', objects);
    story().stub.forget();
    await ack(await go('orphan', 'orphan'), 'deleted');
    const left = (await story().kube.get(story().configMap('orphan', 'one'))) as unknown as {
      metadata: { labels?: object; annotations?: object };
      data: object;
    };
    expect(left.data).toEqual({ v: '1' });
    expect({ ...left.metadata.labels, ...left.metadata.annotations }).toEqual({});
    expect(await story().inventory('orphan')).toBeNull();
    expect(deletes('orphan')).toEqual([]);
  });

  it('[case 75] deletes everything with policy delete, and can install the app again', async () => {
    await story().release('delete', objects);
    await ack(await go('delete', 'delete'), 'deleted');
    await story().gone(story().configMap('delete', 'one'));
    expect(await story().inventory('delete')).toBeNull();
    await story().release('delete', objects);
    expect(await story().kube.get(story().configMap('delete', 'one'))).not.toBeNull();
  });

  it('[case 75] waits with policy wait until all is gone, says what is left when that takes too long, and goes on', async () => {
    await story().release('wait', objects);
    await hold('wait', 'two', ['example.dev/hold']);
    const assignment = await go('wait', 'wait', 300);
    const late = await ack(assignment, 'failed');
    expect(late.permanent).toBe(false);
    expect(late.failures).toMatchObject([
      {
        object: key('wait', 'two'),
        reason: 'Terminating',
        message: expect.stringContaining('example.dev/hold') as unknown,
      },
    ]);
    expect(await story().inventory('wait')).toHaveLength(3);
    await hold('wait', 'two', null);
    await ack(assignment, 'deleted');
    expect(await story().inventory('wait')).toBeNull();
  });

  it('deletes nothing when the app has other objects than those that were approved', async () => {
    await story().release('void', objects);
    const approved = await deletion('void', 'delete');
    await story().release('void', [...objects, configMap('three', {})]);
    story().stub.forget();
    const refused = await ack(story().assign('void', [], { mode: 'delete', deletion: approved }), 'failed');
    expect(refused).toMatchObject({ permanent: true, failures: [{ reason: 'DeletionVoid' }] });
    expect(refused.message).toContain(await story().setHash('void'));
    expect(deletes('void')).toEqual([]);
    await ack(await go('void', 'delete'), 'deleted');
  });

  it('[case 74] deletes nothing while the app is frozen', async () => {
    await story().release('frozen', objects);
    story().stub.forget();
    const approved = await deletion('frozen', 'delete');
    const frozen = story().assign('frozen', objects, { mode: 'frozen', deletion: approved });
    await eventually(() => story().hub.expectStatus(frozen, ({ health }) => health === 'healthy'), settle);
    await story().agent.program.kill9();
    story().agent.restart();
    const again = await story().release('frozen', objects, { mode: 'frozen' });
    expect(again.counter).toBe(3);
    expect(deletes('frozen')).toEqual([]);
    expect(await story().inventory('frozen')).toHaveLength(3);
  });

  it('keeps what is protected or somebody else’s, takes our marks off, and is done', async () => {
    const app = 'guarded';
    const protectedOne: KubeObject = {
      ...configMap('precious', {}),
      metadata: { name: 'precious', annotations: { 'fairlead.dev/prune': 'disabled' } },
    };
    const group = `guarded.${story().prefix}.example`;
    await story().release(app, [protectedOne, configMap('stolen', {}), definition(group, 'Thing')], {
      settings: { driftMode: 'off' },
    });
    await story().kube.merge(story().configMap(app, 'stolen'), {
      metadata: { annotations: { 'fairlead.dev/tracking-id': 'somebody' } },
    });
    const things = `/apis/${group}/v1/namespaces/${story().namespace(app)}/things`;
    await story().kube.create(things, { apiVersion: `${group}/v1`, kind: 'Thing', metadata: { name: 'foreign' } });
    const assignment = await go(app, 'wait');
    await ack(assignment, 'deleted');
    const status = await eventually(
      () => story().hub.expectStatus(assignment, ({ notices }) => notices.length === 3),
      settle,
    );
    expect(status.notices.map(({ reason }) => reason)).toEqual(['Kept', 'Kept', 'Kept']);
    expect(await story().kube.get(`${things}/foreign`)).not.toBeNull();
    const left = (await story().kube.get(story().configMap(app, 'precious'))) as unknown as { metadata: object };
    expect(left.metadata).not.toHaveProperty('labels');
    expect(left.metadata).toMatchObject({ annotations: { 'fairlead.dev/prune': 'disabled' } });
    expect(await story().inventory(app)).toBeNull();
  });

  it.each([
    ['with its state directory', false],
    ['without it', true],
  ])('is finished by an agent that was killed in the middle, %s', async (_what, losing) => {
    const app = losing ? 'killed-bare' : 'killed';
    await story().release(app, objects);
    const assigned = { assignment: null as Assignment | null };
    story().stub.once(({ method, url }) => method === 'DELETE' && url.includes(`${story().namespace(app)}/`), {
      kind: 'after',
      run: () => story().agent.program.kill9(),
    });
    assigned.assignment = await go(app, 'wait');
    await eventually(() => expect(story().agent.program.isRunning()).toBe(false), settle);
    expect(await story().inventory(app)).toHaveLength(3);
    if (losing) story().agent.loseState();
    story().agent.restart();
    await ack(assigned.assignment, 'deleted');
    expect(await story().inventory(app)).toBeNull();
    for (const name of ['one', 'two']) expect(await story().kube.get(story().configMap(app, name))).toBeNull();
    const sessions = story().hub.sessions;
    story().hub.dropSessions();
    await story().agent.connected(sessions);
    await eventually(() => {
      const hello = story().hub.messages.findLast((message) => message.type === 'hello');
      expect(hello?.apps.find((each) => each.app === app)?.phase).toBe('deleted');
    }, settle);
  });
});
