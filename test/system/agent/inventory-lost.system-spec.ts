import { eventually } from '@fairlead/shared/test-kit';
import { configMap } from '../../fixtures/kube-objects.ts';
import { settle, useStory } from '../../harness/agent-story.ts';

/** What is left when the list of an app, the state directory of the agent, or both are gone. */
describe('without its memory the agent', () => {
  const story = useStory('lost');
  const key = (app: string, name: string) => `/ConfigMap/${story().namespace(app)}/${name}`;
  const objects = (...names: string[]) => names.map((name) => configMap(name, { name }));
  const restart = async ({ losing }: { losing: boolean }, meanwhile: () => Promise<unknown>) => {
    await story().agent.program.kill9();
    await meanwhile();
    if (losing) story().agent.loseState();
    story().stub.forget();
    story().agent.restart();
  };
  const held = (assignment: ReturnType<ReturnType<typeof story>['assign']>) =>
    eventually(() => {
      const { pruneHold } = story().hub.expectStatus(
        assignment,
        (status) => status.pruneHold?.reason === 'inventory-rebuilt',
      );
      return pruneHold?.hash ?? '';
    }, settle);

  it('writes nothing anew when only its state directory is gone', async () => {
    await story().release('state', objects('a', 'b', 'c'));
    await story().listed(
      'state',
      ['a', 'b', 'c'].map((name) => key('state', name)),
    );
    let next = story().assign('state', objects('a', 'b', 'c'));
    await restart({ losing: true }, () => {
      next = story().assign('state', objects('a', 'b', 'c'));
      return Promise.resolve();
    });
    await story().healthy(next);
    const writes = story()
      .stub.writes()
      .filter(({ url }) => url.includes(story().namespace('state')));
    expect(writes).toEqual([]);
    await story().kube.merge(story().configMap('state', 'a'), { data: { name: 'edited' } });
    await eventually(
      async () =>
        expect(await story().kube.get(story().configMap('state', 'a'))).toMatchObject({ data: { name: 'a' } }),
      settle,
    );
  });

  it('makes again what somebody deleted while it was away with its state directory', async () => {
    await story().release('gone', objects('a', 'b'));
    let next = story().assign('gone', objects('a', 'b'));
    await restart({ losing: true }, async () => {
      await story().kube.remove(story().configMap('gone', 'b'));
      next = story().assign('gone', objects('a', 'b'));
    });
    await story().healthy(next);
    await eventually(async () => expect(await story().kube.get(story().configMap('gone', 'b'))).not.toBeNull(), settle);
  });

  it.each([
    ['the list', false],
    ['the list and its state directory', true],
  ])(
    '[case 86] finds its objects by their marks when %s is gone, and prunes only what a person confirms',
    async (_what, losing) => {
      const app = losing ? 'both' : 'list';
      await story().release(app, objects('a', 'b', 'c'));
      let next = story().assign(app, objects('a', 'b', 'c'));
      await restart({ losing }, async () => {
        await story().kube.remove(story().inventoryPath(app));
        next = story().assign(app, objects('a', 'b'));
      });
      await story().healthy(next);
      const hash = await held(next);
      expect(await story().kube.get(story().configMap(app, 'c'))).not.toBeNull();
      const parent = await story().kube.get(story().inventoryPath(app));
      expect(parent).toMatchObject({ metadata: { annotations: { 'fairlead.dev/inventory-rebuilt': 'true' } } });
      await story().release(app, objects('a', 'b'), { confirmedPrune: hash });
      await story().gone(story().configMap(app, 'c'));
      await story().listed(
        app,
        ['a', 'b'].map((name) => key(app, name)),
      );
      await story().release(app, objects('a'));
      await story().gone(story().configMap(app, 'b'));
    },
  );

  it('does not act on what it knew when another agent has worked since', async () => {
    const first = await story().release('older', objects('a'));
    await story().agent.program.kill9();
    // What another agent would have left: another digest in the list.
    await story().kube.merge(story().inventoryPath('older'), {
      metadata: { annotations: { 'fairlead.dev/inventory-digest': 'f'.repeat(64) } },
    });
    await story().kube.merge(story().configMap('older', 'a'), { data: { name: 'newer' } });
    await story().agent.hub.goAway();
    story().agent.restart();
    await eventually(() => expect(story().agent.program.output()).toContain('waits for the hub'), settle);
    expect(await story().kube.get(story().configMap('older', 'a'))).toMatchObject({ data: { name: 'newer' } });
    await story().agent.hub.comeBack();
    await eventually(
      async () =>
        expect(await story().kube.get(story().configMap('older', 'a'))).toMatchObject({ data: { name: 'a' } }),
      { timeoutMs: 60_000 },
    );
    expect(first.counter).toBe(1);
  });
});
