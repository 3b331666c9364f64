import type { JsonObject, KubeObject } from '@fairlead/manifests';
import { fieldAt } from '@fairlead/manifests';
import { eventually } from '@fairlead/shared/test-kit';
import { configMap } from '../../fixtures/kube-objects.ts';
import { useApplyStory } from '../../harness/apply-story.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
const settle = { timeoutMs: 15_000 };

describe('fields that others hold', () => {
  const story = useApplyStory('apply-take-over');
  const taken = (name: string, match: 'exact' | 'prefix') => ({ apply: { takeOver: [{ name, match }] } });

  it('[case 22] [case 27] of a kubectl apply become ours: one owner, and what Git lacks goes', async () => {
    await story().byHand(configMap('by-hand', { kept: '1', stale: 'x' }));
    expect(await story().managers('cm/by-hand')).toEqual(['kubectl-client-side-apply Update']);
    await story().applied('by-hand', [configMap('by-hand', { kept: '1' })]);
    const live = await story().live('cm/by-hand');
    expect(await story().managers('cm/by-hand')).toEqual(['fairlead Apply']);
    expect(live['data']).toEqual({ kept: '1' });
    expect(live.metadata['annotations']).not.toHaveProperty([lastApplied]);
  });

  it('[case 22] come back and are taken again when somebody applies our object by hand', async () => {
    await story().applied('again', [configMap('again', { kept: '1' })]);
    await story().byHand(configMap('again', { kept: '1', added: 'x' }));
    await story().applied('again', [configMap('again', { kept: '2' })]);
    expect(await story().managers('cm/again')).toEqual(['fairlead Apply']);
    expect(await story().at('cm/again', 'data')).toEqual({ kept: '2' });
  });

  it('[case 23] pass only from managers whose name is meant', async () => {
    for (const manager of ['kubectl-x', 'tool']) {
      await story()
        .patch('cm/exact', { data: { [manager]: '1' } }, `--field-manager=${manager}`)
        .catch(async () => {
          await story().byHand(configMap('exact', { [manager]: '1' }), '--server-side', `--field-manager=${manager}`);
        });
    }
    await story().applied('exact', [configMap('exact', { own: '1' })], taken('kubectl', 'exact'));
    expect(await story().at('cm/exact', 'data')).toEqual({ own: '1', 'kubectl-x': '1', tool: '1' });
    await story().applied('exact', [configMap('exact', { own: '2' })], taken('kubectl', 'prefix'));
    expect(await story().at('cm/exact', 'data')).toEqual({ own: '2', tool: '1' });
  });

  it('[case 24] stay with their managers on an object that says merge', async () => {
    const merged = (data: Record<string, string>): KubeObject => ({
      ...configMap('merged', data),
      metadata: { name: 'merged', annotations: { 'fairlead.dev/reconcile': 'merge' } },
    });
    await story().byHand(configMap('merged', { theirs: '1' }));
    await story().applied('merged', [merged({ own: '1' })]);
    expect(await story().managers('cm/merged')).toEqual(['fairlead Apply', 'kubectl-client-side-apply Update']);
    expect(await story().at('cm/merged', 'data')).toEqual({ own: '1', theirs: '1' });
  });

  it('[case 25] that change while they are taken over are read again', async () => {
    await story().byHand(configMap('raced', { a: '1', stale: 'x' }));
    story().stub.forget();
    const isTakeOver = (request: { headers: Record<string, unknown>; url: string }) =>
      request.url.includes('/configmaps/raced') && request.headers['content-type'] === 'application/json-patch+json';
    story().stub.once(isTakeOver, {
      kind: 'before',
      run: () => story().patch('cm/raced', { data: { late: 'y' } }, '--field-manager=other'),
    });
    await story().applied('raced', [configMap('raced', { a: '1' })]);
    expect(story().stub.requests.filter(isTakeOver)).toHaveLength(2);
    expect(await story().at('cm/raced', 'data')).toEqual({ a: '1', late: 'y' });
    expect(await story().managers('cm/raced')).toEqual(['fairlead Apply', 'other Update']);
    expect(
      story()
        .agent.hub.acks('raced')
        .map(({ phase }) => phase),
    ).toEqual(['received', 'applied']);
  });

  it('[case 26] of a manager that is not allowed go at the next look at the object', async () => {
    await story().applied('strict', [configMap('strict', { own: '1' })], taken('kubectl-edit', 'exact'));
    await story().patch('cm/strict', { data: { 'bad-key': 'x' } }, '--field-manager=kubectl-edit');
    await eventually(async () => expect(await story().at('cm/strict', 'data')).toEqual({ own: '1' }), settle);
  });

  it('[case 100] do not make two ports of one that Git renumbered', async () => {
    const service = (port: number): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'ports' },
      spec: { selector: { app: 'ports' }, ports: [{ name: 'http', port, targetPort: 8080, protocol: 'TCP' }] },
    });
    await story().byHand(service(80));
    await story().applied('ports', [service(81)]);
    const ports = (await story().at('svc/ports', 'spec.ports')) as JsonObject[];
    expect(ports).toMatchObject([{ name: 'http', port: 81 }]);
  });

  it('[case 188] include the long annotation of a kubectl apply, and the object may grow', async () => {
    await story().byHand(configMap('long', { value: 'x'.repeat(200_000) }));
    const value = 'y'.repeat(300 * 1024);
    await story().applied('long', [configMap('long', { value })]);
    const live = await story().live('cm/long');
    expect(live['data']).toEqual({ value });
    expect(live.metadata['annotations']).not.toHaveProperty([lastApplied]);
  });

  describe('of an older version of a custom resource', () => {
    const group = () => `${story().namespace}.example.dev`;
    const version = (name: string, fields: object, storage: boolean) => ({
      name,
      served: true,
      storage,
      schema: {
        openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: fields } } },
      },
    });
    const definition = (versions: object[]): KubeObject => ({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `stores.${group()}` },
      spec: {
        group: group(),
        scope: 'Namespaced',
        names: { kind: 'Store', plural: 'stores', singular: 'store' },
        versions: versions as JsonObject[],
      },
    });
    const store = (apiVersion: string, spec: JsonObject): KubeObject => ({
      apiVersion: `${group()}/${apiVersion}`,
      kind: 'Store',
      metadata: { name: 'vault' },
      spec,
    });

    it('[case 15] [case 33] are moved to the new one, which has fields that the old one lacks', async () => {
      const text = { type: 'string' };
      const size = { type: 'integer' };
      const old = version('v1beta1', { url: text, size }, true);
      await story().applied('versions', [definition([old]), store('v1beta1', { url: 'a' })]);
      await story().patch(`stores.${group()}/vault`, { spec: { size: 2 } }, '--field-manager=sizer');
      const moved = version('v1', { url: text, size, mode: { type: 'string', default: 'safe' } }, true);
      await story().applied('versions', [
        definition([{ ...old, storage: false }, moved]),
        store('v1', { url: 'b', mode: 'fast' }),
      ]);
      const live = await story().live(`stores.v1.${group()}/vault`);
      expect(live['spec']).toEqual({ url: 'b', mode: 'fast', size: 2 });
      const entries = live.metadata['managedFields'] as JsonObject[];
      expect(entries.map((entry) => fieldAt(entry, ['apiVersion']))).toEqual([`${group()}/v1`, `${group()}/v1`]);
      const sent = story()
        .requestsFor('stores/vault')
        .filter(({ headers }) => String(headers['content-type']).includes('apply-patch'));
      expect(sent.length).toBeGreaterThan(1);
      for (const { url, body } of sent) {
        const { apiVersion } = JSON.parse(body) as KubeObject;
        expect(url).toContain(`/apis/${apiVersion}/`);
      }
    });
  });
});
