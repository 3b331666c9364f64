import { defaultTargetSettings } from '@fairlead/shared/contracts';
import { eventually } from '@fairlead/shared/test-kit';
import { configMap, deployment } from '../../fixtures/kube-objects.ts';
import { settle, useStory } from '../../harness/agent-story.ts';

/** What becomes of the objects that left a release, taken as a set. */
describe('pruning a set', () => {
  const story = useStory('prune-set');
  const many = (count: number) => Array.from({ length: count }, (_, index) => configMap(`cm-${index}`, {}));
  const key = (app: string, name: string) => `/ConfigMap/${story().namespace(app)}/${name}`;
  const labelled = async (app: string) => {
    const path = `/api/v1/namespaces/${story().namespace(app)}/configmaps?labelSelector=fairlead.dev/app`;
    return (await story().kube.names(path)).map((name) => name.split('/')[1]);
  };

  it('[case 51] deletes what left the app, and the inventory shrinks', async () => {
    await story().release('left', many(8));
    await story().release('left', many(7));
    await story().gone(story().configMap('left', 'cm-7'));
    await story().listed(
      'left',
      many(7).map(({ metadata }) => key('left', metadata.name)),
    );
  });

  it('[case 52] makes a renamed object before it deletes the old one', async () => {
    await story().release('renamed', [configMap('old', {}), configMap('other', {})]);
    story().stub.forget();
    await story().release('renamed', [configMap('new', {}), configMap('other', {})]);
    await story().gone(story().configMap('renamed', 'old'));
    const order = story()
      .stub.writes()
      .filter(({ url }) => /configmaps\/(old|new)/.test(url))
      .map(({ method }) => method);
    expect(order).toEqual(['PATCH', 'DELETE']);
  });

  it('[case 72] prunes nothing of a release that fails, and what left only after the new objects are healthy', async () => {
    await story().release('last', [...many(4), deployment('api')]);
    const failing = story().assign('last', [...many(3), deployment('api', { image: 'registry.example/api:nope' })]);
    await eventually(() => story().hub.expectStatus(failing, ({ health }) => health === 'failed'), settle);
    expect(await labelled('last')).toHaveLength(4);
    await story().release('last', [...many(3), deployment('api', { image: 'registry.example/api:2' })]);
    await story().gone(story().configMap('last', 'cm-3'));
  });

  it('[case 57] [case 58] refuses an empty release, and prunes all of it when the app allows that', async () => {
    const prune = { ...defaultTargetSettings.prune, allowEmpty: true };
    await story().release('empty', many(6));
    const refused = story().assign('empty', []);
    await eventually(
      () => story().hub.expectStatus(refused, ({ pruneHold }) => pruneHold?.reason === 'empty-render'),
      settle,
    );
    expect(await labelled('empty')).toHaveLength(6);
    await story().release('empty', [], { settings: { prune } });
    await story().listed('empty', []);
    expect(await labelled('empty')).toEqual([]);
    await story().release('empty', many(6), { settings: { prune } });
    expect(await labelled('empty')).toHaveLength(6);
  });

  it('[case 59] [case 60] holds a mass deletion until exactly that set is confirmed', async () => {
    await story().release('mass', many(12));
    const few = await story().release('mass', many(3));
    const { pruneHold } = await eventually(
      () => story().hub.expectStatus(few, (status) => status.pruneHold?.reason === 'mass-prune'),
      settle,
    );
    expect(pruneHold).toMatchObject({ count: 9 });
    const confirmedPrune = pruneHold?.hash ?? '';
    const fewer = story().assign('mass', many(2), { confirmedPrune });
    await eventually(() => story().hub.expectStatus(fewer, (status) => status.pruneHold?.count === 10), settle);
    expect(await labelled('mass')).toHaveLength(12);
    await story().release('mass', many(3), { confirmedPrune });
    await eventually(async () => expect(await labelled('mass')).toHaveLength(3), settle);
  });

  it('[case 60] needs no second confirmation for a set that is half deleted', async () => {
    await story().release('half', many(12));
    const few = await story().release('half', many(3));
    const { pruneHold } = await eventually(
      () => story().hub.expectStatus(few, (status) => status.pruneHold !== null),
      settle,
    );
    const path = story().configMap('half', 'cm-11');
    await story().kube.merge(path, { metadata: { finalizers: ['example.dev/hold'] } });
    const confirmed = await story().release('half', many(3), { confirmedPrune: pruneHold?.hash ?? '' });
    await eventually(async () => expect(await labelled('half')).toHaveLength(4), settle);
    await story().notice(confirmed, key('half', 'cm-11'), 'Terminating');
    await story().kube.merge(path, { metadata: { finalizers: null } });
    await eventually(async () => expect(await labelled('half')).toHaveLength(3), settle);
    expect(story().hub.expectStatus(confirmed, () => true).pruneHold).toBeNull();
    await story().listed(
      'half',
      many(3).map(({ metadata }) => key('half', metadata.name)),
    );
  });

  it('[case 73] [case 85] keeps what could not be deleted in the inventory, and deletes the others', async () => {
    await story().release('some', many(4));
    const isHeld = (method: string, url: string) => method === 'DELETE' && url.includes('/configmaps/cm-2');
    const open = story().stub.on(({ method, url }) => (isHeld(method, url) ? { kind: 'answer', status: 500 } : null));
    const next = await story().release('some', many(2));
    await story().gone(story().configMap('some', 'cm-3'));
    await story().notice(next, key('some', 'cm-2'), 'DeleteRefused');
    await story().listed(
      'some',
      ['cm-0', 'cm-1', 'cm-2'].map((name) => key('some', name)),
    );
    open();
    await story().gone(story().configMap('some', 'cm-2'));
    await story().listed(
      'some',
      ['cm-0', 'cm-1'].map((name) => key('some', name)),
    );
  });
});
