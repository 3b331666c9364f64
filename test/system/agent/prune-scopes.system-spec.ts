import type { KubeObject } from '@fairlead/manifests';
import { defaultTargetSettings } from '@fairlead/shared/contracts';
import { eventually } from '@fairlead/shared/test-kit';
import { configMap, definition, deployment } from '../../fixtures/kube-objects.ts';
import { settle, useStory } from '../../harness/agent-story.ts';

/** Deletions that would take other objects along: namespaces, definitions, and kinds that are not served any more. */
describe('pruning what holds other objects', () => {
  const story = useStory('prune-in');
  const group = (app: string) => `${app}.${story().prefix}.example`;
  const key = (app: string, name: string) => `/ConfigMap/${story().namespace(app)}/${name}`;
  const stays = configMap('stays', {});
  const prune = { ...defaultTargetSettings.prune, confirm: [] as string[] };
  const settings = { prune, driftMode: 'off' as const };
  const namespace = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  const custom = (app: string, name: string, more: object = {}): KubeObject => ({
    apiVersion: `${group(app)}/v1`,
    kind: 'Thing',
    metadata: { name, ...more },
    spec: {},
  });
  const things = (app: string, name = '') =>
    `/apis/${group(app)}/v1/namespaces/${story().namespace(app)}/things${name === '' ? '' : `/${name}`}`;
  const definitionPath = (app: string) =>
    `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/things.${group(app)}`;
  const deletes = () =>
    story()
      .stub.writes()
      .filter(({ method }) => method === 'DELETE')
      .map(({ url }) => url.split('/').at(-1) ?? '');

  it('[case 62] keeps a namespace that the app still uses', async () => {
    const extra = `${story().prefix}-x-used`;
    const inside = { ...configMap('inside', {}), metadata: { name: 'inside', namespace: extra } };
    await story().release('used', [stays, namespace(extra), inside], { settings });
    const next = await story().release('used', [stays, inside], { settings });
    expect(await story().notice(next, `/Namespace//${extra}`)).toContain('in use');
    expect(await story().inventory('used')).toContain(`/Namespace//${extra}`);
  });

  it('[case 63] keeps a namespace with a volume claim of somebody else, until it is empty', async () => {
    const extra = `${story().prefix}-x-claimed`;
    await story().release('claimed', [stays, namespace(extra)], { settings });
    const claims = `/api/v1/namespaces/${extra}/persistentvolumeclaims`;
    await story().kube.create(claims, {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
    });
    const next = await story().release('claimed', [stays], { settings });
    expect(await story().notice(next, `/Namespace//${extra}`)).toContain('PersistentVolumeClaim data');
    await story().kube.remove(`${claims}/data`);
    await story().gone(`${claims}/data`);
    await story().release('claimed', [stays], { settings });
    await story().listed('claimed', [key('claimed', 'stays')]);
  });

  it('[case 63] keeps a namespace with objects of another app, unless the app says that they may go along', async () => {
    const extra = `${story().prefix}-x-shared`;
    await story().release('host', [stays, namespace(extra)], { settings });
    await story().release('guest', [{ ...configMap('guest', {}), metadata: { name: 'guest', namespace: extra } }]);
    const next = await story().release('host', [stays], { settings });
    expect(await story().notice(next, `/Namespace//${extra}`)).toContain('ConfigMap guest');
    await story().release('guest', [stays]);
    await story().release('host', [stays], { settings: { ...settings, prune: { ...prune, cascade: true } } });
    await story().listed('host', [key('host', 'stays')]);
  });

  it('[case 64] keeps a definition that somebody has objects of, also when its deletion is confirmed', async () => {
    await story().release('defined', [stays, definition(group('defined'), 'Thing')], { settings });
    await story().kube.create(things('defined'), custom('defined', 'foreign'));
    const next = await story().release('defined', [stays], { settings });
    expect(
      await story().notice(next, `apiextensions.k8s.io/CustomResourceDefinition//things.${group('defined')}`),
    ).toContain('foreign');
    expect(await story().kube.get(things('defined', 'foreign'))).not.toBeNull();
    await story().kube.remove(things('defined', 'foreign'));
    await story().release('defined', [stays], { settings });
    await story().gone(definitionPath('defined'));
    await story().listed('defined', [key('defined', 'stays')]);
  });

  it('deletes custom resources, then their definition, then the rest, and namespaces at the end', async () => {
    const extra = `${story().prefix}-x-levels`;
    const held = custom('levels', 'held', { finalizers: ['example.dev/hold'] });
    const objects = [definition(group('levels'), 'Thing'), held, deployment('operator'), namespace(extra)];
    await story().release('levels', [stays, ...objects], { settings });
    story().stub.forget();
    const next = await story().release('levels', [stays], { settings });
    await story().notice(next, `${group('levels')}/Thing/${story().namespace('levels')}/held`, 'Terminating');
    expect(deletes()).toEqual(['held']);
    await story().kube.merge(things('levels', 'held'), { metadata: { finalizers: null } });
    await story().listed('levels', [key('levels', 'stays')]);
    expect(deletes()).toEqual(['held', `things.${group('levels')}`, 'operator', extra]);
  });

  it('[case 66] drops an entry whose kind is served no more', async () => {
    const app = 'unserved';
    await story().release(app, [stays, definition(group(app), 'Thing'), custom(app, 'one')], { settings });
    await story().agent.program.kill9();
    await story().kube.remove(definitionPath(app));
    await story().gone(definitionPath(app));
    const next = story().assign(app, [stays], { settings });
    story().agent.restart();
    await story().healthy(next);
    await story().listed(app, [key(app, 'stays')]);
  });

  it('[case 67] keeps an entry whose API does not answer, and deletes the others', async () => {
    const app = 'away';
    await story().release(app, [stays, definition(group(app), 'Thing'), custom(app, 'one'), configMap('leaves', {})], {
      settings,
    });
    await story().agent.program.kill9();
    const open = story().stub.on(({ url }) =>
      url.startsWith(`/apis/${group(app)}`) ? { kind: 'answer', status: 503 } : null,
    );
    const next = story().assign(app, [stays, definition(group(app), 'Thing')], { settings });
    story().agent.restart();
    await story().healthy(next);
    const entry = `${group(app)}/Thing/${story().namespace(app)}/one`;
    await story().notice(next, entry, 'DeleteRefused');
    await story().gone(story().configMap(app, 'leaves'));
    await eventually(async () => {
      const listed = await story().inventory(app);
      expect(listed).toContain(entry);
      expect(listed).not.toContain(key(app, 'leaves'));
    }, settle);
    open();
    await story().gone(things(app, 'one'));
  });
});
