import type { KubeObject } from '@fairlead/manifests';
import { eventually } from '@fairlead/shared/test-kit';
import { configMap } from '../../fixtures/kube-objects.ts';
import { settle, useStory } from '../../harness/agent-story.ts';

/** The list of what an app has: what it says after runs that went well, badly, or not at all to their end. */
describe('the inventory', () => {
  const story = useStory('inventory');
  const key = (app: string, name: string) => `/ConfigMap/${story().namespace(app)}/${name}`;
  const invalid = (name: string): KubeObject => ({ ...configMap(name, {}), data: { v: 1 } }) as unknown as KubeObject;
  const failed = (app: string, counter: number) =>
    eventually(() => {
      const ack = story()
        .hub.acks(app)
        .findLast((each) => each.counter === counter);
      if (ack?.phase !== 'failed') throw new Error(`ack is ${JSON.stringify(ack)}`);
      return ack;
    }, settle);
  const writesOf = (app: string) =>
    story()
      .stub.writes()
      .filter(({ url }) => url.includes(`/namespaces/${story().namespace(app)}`));
  const state = async (app: string) => {
    const parent = (await story().kube.get(story().inventoryPath(app))) as unknown as {
      metadata: { annotations: Record<string, string>; ownerReferences?: unknown };
    };
    return parent.metadata.annotations['fairlead.dev/inventory-state'];
  };

  it('[case 79] lists what it is about to make before it makes it, and what a crash left is pruned', async () => {
    await story().release('crash', [configMap('stays', {})]);
    const seen: (string[] | null)[] = [];
    const stop = story().stub.once(({ url }) => url.includes('/configmaps/leaked?'), {
      kind: 'after',
      run: async () => {
        seen.push(await story().inventory('crash'));
        expect(await state('crash')).toBe('applying');
        await story().agent.program.kill9();
      },
    });
    story().assign('crash', [configMap('stays', {}), configMap('leaked', {})]);
    await eventually(() => expect(seen).toEqual([['leaked', 'stays'].map((name) => key('crash', name))]), settle);
    await eventually(() => expect(story().agent.program.isRunning()).toBe(false), settle);
    stop();
    const back = story().assign('crash', [configMap('stays', {})]);
    story().agent.loseState();
    story().agent.restart();
    await story().healthy(back);
    await story().listed('crash', [key('crash', 'stays')]);
    expect(await story().kube.get(story().configMap('crash', 'leaked'))).toBeNull();
    await eventually(async () => expect(await state('crash')).toBe('settled'), settle);
  });

  it('[case 80] forgets new objects that were never made, and keeps those that were there before', async () => {
    await story().release('partly', [configMap('old', {}), configMap('fine', {})]);
    const next = story().assign('partly', [invalid('old'), configMap('fine', { v: '2' }), invalid('new')]);
    await failed('partly', next.counter);
    await story().listed(
      'partly',
      ['fine', 'old'].map((name) => key('partly', name)),
    );
    expect(await state('partly')).toBe('applying');
  });

  it('[case 81] writes nothing for an app whose inventory carries the id of another one', async () => {
    const copy = (await story().kube.get(story().inventoryPath('partly'))) as unknown as {
      metadata: { labels: object; annotations: object };
    };
    const { labels, annotations } = copy.metadata;
    await story().kube.create(`/api/v1/namespaces/${story().agentNamespace}/configmaps`, {
      ...configMap('fairlead-inventory-copied', {}),
      metadata: { name: 'fairlead-inventory-copied', labels: { ...labels }, annotations: { ...annotations } },
    });
    story().stub.forget();
    const next = story().assign('copied', [configMap('one', {})]);
    expect(await failed('copied', next.counter)).toMatchObject({
      failures: [
        { reason: 'InventoryIdMismatch', object: `/ConfigMap/${story().agentNamespace}/fairlead-inventory-copied` },
      ],
    });
    expect(writesOf('copied')).toEqual([]);
    await story().kube.remove(story().inventoryPath('copied'));
    await story().healthy(next);
  });

  it('[case 82] refuses an inventory that another tool has made', async () => {
    await story().kube.create(`/api/v1/namespaces/${story().agentNamespace}/configmaps`, {
      ...configMap('fairlead-inventory-other-tool', {}),
      metadata: {
        name: 'fairlead-inventory-other-tool',
        labels: { 'applyset.kubernetes.io/id': 'applyset-x-v1' },
        annotations: { 'applyset.kubernetes.io/tooling': 'kubectl/1.34' },
      },
    });
    story().stub.forget();
    const next = story().assign('other-tool', [configMap('one', {})]);
    const ack = await failed('other-tool', next.counter);
    expect(ack.failures).toMatchObject([{ reason: 'InventoryOfOtherTool' }]);
    expect(ack.message).toContain('kubectl/1.34');
    expect(writesOf('other-tool')).toEqual([]);
    const parent = await story().kube.get(story().inventoryPath('other-tool'));
    expect(parent).toMatchObject({ metadata: { annotations: { 'applyset.kubernetes.io/tooling': 'kubectl/1.34' } } });
  });

  it('[case 84] loses no entry that another writer added at the same time', async () => {
    await story().release('raced', [configMap('stays', {})]);
    await story().kube.create(`/api/v1/namespaces/${story().namespace('raced')}/configmaps`, {
      ...configMap('theirs', {}),
      metadata: {
        name: 'theirs',
        labels: await marksOf('raced', 'stays'),
        annotations: { 'fairlead.dev/tracking-id': `raced:/ConfigMap:${story().namespace('raced')}/theirs` },
      },
    });
    const path = story().inventoryPath('raced');
    story().stub.once(({ method, url }) => method === 'PUT' && url.includes('fairlead-inventory-raced'), {
      kind: 'before',
      run: () =>
        story().kube.merge(path, { data: { objects: `${key('raced', 'stays')} v1\n${key('raced', 'theirs')} v1` } }),
    });
    await story().release('raced', [configMap('stays', { v: '2' })]);
    // It was listed, so it is the app's, and it is not in the release: without the merge it would stay for ever.
    await story().gone(story().configMap('raced', 'theirs'));
    await story().listed('raced', [key('raced', 'stays')]);
  });

  it('refers to nothing as owner and nothing refers to it', async () => {
    await story().release('owners', [configMap('one', {})]);
    const parent = (await story().kube.get(story().inventoryPath('owners'))) as { metadata: object };
    const member = (await story().kube.get(story().configMap('owners', 'one'))) as { metadata: object };
    expect(parent.metadata).not.toHaveProperty('ownerReferences');
    expect(member.metadata).not.toHaveProperty('ownerReferences');
  });

  async function marksOf(app: string, name: string): Promise<Record<string, string>> {
    const object = (await story().kube.get(story().configMap(app, name))) as unknown as {
      metadata: { labels: Record<string, string> };
    };
    return object.metadata.labels;
  }
});
