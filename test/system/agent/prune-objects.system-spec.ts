import type { KubeObject } from '@fairlead/manifests';
import { defaultTargetSettings } from '@fairlead/shared/contracts';
import { eventually } from '@fairlead/shared/test-kit';
import { configMap, deployment } from '../../fixtures/kube-objects.ts';
import { settle, useStory } from '../../harness/agent-story.ts';

/** What keeps a single object that left its release, as it is in the cluster right before it would be deleted. */
describe('pruning an object', () => {
  const story = useStory('prune-one');
  const key = (app: string, name: string) => `/ConfigMap/${story().namespace(app)}/${name}`;
  const stays = configMap('stays', {});
  const annotated = (name: string, annotations: Record<string, string>): KubeObject => ({
    ...configMap(name, { v: '1' }),
    metadata: { name, annotations },
  });
  const deletes = () =>
    story()
      .stub.writes()
      .filter(({ method }) => method === 'DELETE')
      .map(({ url }) => url.split('/').at(-1));
  const labelsOf = async (path: string) => {
    const object = (await story().kube.get(path)) as { metadata: { labels?: object; annotations?: object } } | null;
    return { ...object?.metadata.labels, ...object?.metadata.annotations };
  };
  /** Installs `objects` beside one that stays, lets something happen, and releases the one alone. */
  const leave = async (app: string, objects: readonly KubeObject[], meanwhile?: () => Promise<unknown>) => {
    const settings = { driftMode: 'off' as const };
    await story().release(app, [stays, ...objects], { settings });
    await meanwhile?.();
    story().stub.forget();
    return story().release(app, [stays], { settings });
  };

  it('[case 53] keeps what an annotation protects, and does not come back to it', async () => {
    const path = story().configMap('kept', 'leaves');
    const next = await leave('kept', [annotated('leaves', { 'fairlead.dev/prune': 'disabled' })]);
    expect(await story().notice(next, key('kept', 'leaves'))).toContain('fairlead.dev/prune');
    await story().listed('kept', [key('kept', 'stays')]);
    expect(deletes()).toEqual([]);
    expect(await labelsOf(path)).toMatchObject({ 'fairlead.dev/app': 'kept' });
  });

  it('[case 54] lets go of a detached object, without our marks and with all its fields', async () => {
    const path = story().configMap('detached', 'leaves');
    const next = await leave('detached', [
      annotated('leaves', { 'client.lifecycle.config.k8s.io/deletion': 'detach' }),
    ]);
    await story().notice(next, key('detached', 'leaves'));
    await story().listed('detached', [key('detached', 'stays')]);
    expect(await labelsOf(path)).toEqual({ 'client.lifecycle.config.k8s.io/deletion': 'detach' });
    expect(await story().kube.get(path)).toMatchObject({ data: { v: '1' } });
  });

  it('[case 55] tries a deletion that a webhook rejects until it works', async () => {
    const open = story().stub.on(({ method, url }) =>
      method === 'DELETE' && url.includes('/configmaps/guarded')
        ? {
            kind: 'answer',
            status: 403,
            body: { kind: 'Status', code: 403, message: 'admission webhook "no" denied it' },
          }
        : null,
    );
    const next = await leave('webhook', [configMap('guarded', {})]);
    expect(await story().notice(next, key('webhook', 'guarded'), 'DeleteRefused')).toContain('admission webhook');
    await story().listed(
      'webhook',
      ['guarded', 'stays'].map((name) => key('webhook', name)),
    );
    open();
    await story().gone(story().configMap('webhook', 'guarded'));
    await story().listed('webhook', [key('webhook', 'stays')]);
  });

  it('[case 56] leaves an object that carries the marks of another owner', async () => {
    const path = story().configMap('stolen', 'leaves');
    const next = await leave('stolen', [configMap('leaves', {})], () =>
      story().kube.merge(path, {
        metadata: {
          labels: { 'fairlead.dev/app': 'another' },
          annotations: { 'fairlead.dev/tracking-id': `another:/ConfigMap:${story().namespace('stolen')}/leaves` },
        },
      }),
    );
    await story().notice(next, key('stolen', 'leaves'));
    await story().listed('stolen', [key('stolen', 'stays')]);
    expect(deletes()).toEqual([]);
  });

  it('[case 61] keeps the one object that two API groups show, with one entry in the inventory', async () => {
    const namespace = story().namespace('twice');
    const event = (apiVersion: string): KubeObject => ({
      apiVersion,
      kind: 'Event',
      metadata: { name: 'seen' },
      ...(apiVersion === 'v1'
        ? { involvedObject: { kind: 'ConfigMap', name: 'stays', namespace } }
        : { regarding: { kind: 'ConfigMap', name: 'stays', namespace } }),
      reason: 'Test',
      type: 'Normal',
    });
    await story().release('twice', [stays, event('v1')]);
    const path = `/api/v1/namespaces/${namespace}/events/seen`;
    const before = await story().kube.get(path);
    story().stub.forget();
    await story().release('twice', [stays, event('events.k8s.io/v1')]);
    await story().listed('twice', [key('twice', 'stays'), `events.k8s.io/Event/${namespace}/seen`]);
    expect(deletes()).toEqual([]);
    const uid = (object: unknown) => (object as { metadata: { uid: string } }).metadata.uid;
    expect(uid(await story().kube.get(path))).toBe(uid(before));
  });

  it('[case 65] takes an object that somebody has deleted already as deleted', async () => {
    await leave('bygone', [configMap('leaves', {})], () => story().kube.remove(story().configMap('bygone', 'leaves')));
    await story().listed('bygone', [key('bygone', 'stays')]);
    expect(deletes()).toEqual([]);
  });

  it('[case 68] deletes nothing that was made anew a moment before', async () => {
    const path = story().configMap('anew', 'leaves');
    story().stub.once(({ method, url }) => method === 'DELETE' && url.includes('/configmaps/leaves'), {
      kind: 'before',
      run: async () => {
        await story().kube.remove(path);
        const namespace = story().namespace('anew');
        const object = { ...configMap('leaves', { of: 'somebody' }), metadata: { name: 'leaves', namespace } };
        await story().kube.create(`/api/v1/namespaces/${namespace}/configmaps`, object);
      },
    });
    const next = await leave('anew', [configMap('leaves', {})]);
    await story().notice(next, key('anew', 'leaves'));
    await story().listed('anew', [key('anew', 'stays')]);
    expect(await story().kube.get(path)).toMatchObject({ data: { of: 'somebody' } });
  });

  it('[case 69] [case 70] waits for the finalizers of an object without deleting it twice', async () => {
    const path = story().configMap('held', 'leaves');
    const next = await leave('held', [configMap('leaves', {})], () =>
      story().kube.merge(path, { metadata: { finalizers: ['example.dev/hold'] } }),
    );
    expect(await story().notice(next, key('held', 'leaves'), 'Terminating')).toContain('example.dev/hold');
    await story().listed(
      'held',
      ['leaves', 'stays'].map((name) => key('held', name)),
    );
    // Another release comes by meanwhile.
    await story().release('held', [configMap('stays', { v: '2' })], { settings: { driftMode: 'off' } });
    await story().kube.merge(path, { metadata: { finalizers: null } });
    await story().listed('held', [key('held', 'stays')]);
    expect(deletes()).toEqual(['leaves']);
  });

  it('[case 71] asks for the propagation that the app has set', async () => {
    const prune = { ...defaultTargetSettings.prune, propagation: 'foreground' as const };
    await story().release('policy', [stays, deployment('api')], { settings: { prune } });
    story().stub.forget();
    await story().release('policy', [stays], { settings: { prune } });
    await story().listed('policy', [key('policy', 'stays')]);
    const sent = story()
      .stub.writes()
      .find(({ method }) => method === 'DELETE');
    expect(JSON.parse(sent?.body ?? '{}')).toMatchObject({
      propagationPolicy: 'Foreground',
      preconditions: { uid: expect.any(String) as unknown },
    });
  });

  it('[case 76] keeps what is not reconciled, and deletes what was made only once', async () => {
    const path = story().configMap('once', 'ignored');
    const next = await leave('once', [configMap('ignored', {}), configMap('first', {})], async () => {
      await story().kube.merge(path, { metadata: { annotations: { 'fairlead.dev/reconcile': 'disabled' } } });
      await story().kube.merge(story().configMap('once', 'first'), {
        metadata: { annotations: { 'fairlead.dev/reconcile': 'ifNotPresent' } },
      });
    });
    await story().notice(next, key('once', 'ignored'));
    await story().gone(story().configMap('once', 'first'));
    expect(await story().kube.get(path)).not.toBeNull();
    await story().listed('once', [key('once', 'stays')]);
  });

  it('[case 77] leaves the child onto which a controller has copied our label', async () => {
    const path = story().configMap('copied', 'child');
    await leave('copied', [configMap('leaves', {})], async () => {
      const parent = (await story().kube.get(story().configMap('copied', 'leaves'))) as unknown as {
        metadata: { labels: Record<string, string>; annotations: Record<string, string> };
      };
      const { labels, annotations } = parent.metadata;
      const namespace = story().namespace('copied');
      await story().kube.create(`/api/v1/namespaces/${namespace}/configmaps`, {
        ...configMap('child', {}),
        metadata: { name: 'child', namespace, labels, annotations },
      });
    });
    await story().gone(story().configMap('copied', 'leaves'));
    await story().listed('copied', [key('copied', 'stays')]);
    expect(await story().kube.get(path)).not.toBeNull();
    expect(deletes()).toEqual(['leaves']);
  });

  it('[case 78] leaves an object that another object owns', async () => {
    const path = story().configMap('owned', 'leaves');
    const next = await leave('owned', [configMap('leaves', {})], async () => {
      const owner = (await story().kube.get(story().configMap('owned', 'stays'))) as unknown as {
        metadata: { uid: string };
      };
      const { uid } = owner.metadata;
      const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'stays', uid }];
      await story().kube.merge(path, { metadata: { ownerReferences } });
    });
    await story().notice(next, key('owned', 'leaves'));
    await story().listed('owned', [key('owned', 'stays')]);
    expect(await story().kube.get(path)).not.toBeNull();
  });

  it('deletes an object that left, came back while it was going, and makes it again', async () => {
    const path = story().configMap('back', 'leaves');
    await leave('back', [configMap('leaves', { v: '1' })], () =>
      story().kube.merge(path, { metadata: { finalizers: ['example.dev/hold'] } }),
    );
    await eventually(async () => expect(deletes()).toEqual(['leaves']), settle);
    const back = await story().release('back', [stays, configMap('leaves', { v: '1' })]);
    await story().kube.merge(path, { metadata: { finalizers: null } });
    await eventually(async () => {
      const object = (await story().kube.get(path)) as { metadata: { deletionTimestamp?: string } } | null;
      expect(object).toMatchObject({ data: { v: '1' } });
      expect(object?.metadata.deletionTimestamp).toBeUndefined();
    }, settle);
    await story().healthy(back);
  });
});
