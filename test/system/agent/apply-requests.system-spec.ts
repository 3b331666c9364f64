import type { JsonObject, KubeObject } from '@fairlead/manifests';
import { configMap, deployment } from '../../fixtures/kube-objects.ts';
import { useApplyStory } from '../../harness/apply-story.ts';
import type { SeenRequest } from '../../harness/api-stub.ts';

describe('applying an object', () => {
  const story = useApplyStory('apply-requests');
  const version = (object: string) => story().at(object, 'metadata.resourceVersion');
  const key = (kind: string, name: string) => `${kind}/${story().namespace}/${name}`;
  const writesTo = (name: string) => (request: SeenRequest) =>
    request.method === 'PATCH' && request.url.includes(`/${name}?`) && !request.url.includes('dryRun');
  const applies = () =>
    story()
      .stub.writes()
      .filter(({ url }) => url.includes('fieldManager=fairlead&force'));

  it('[case 1] makes it with our fields only, and lists it', async () => {
    await story().applied('made', [configMap('made', { a: '1' })]);
    expect(await story().managers('cm/made')).toEqual(['fairlead Apply']);
    expect(await story().inventory('made')).toContain(key('/ConfigMap', 'made'));
  });

  it('[case 2] [case 3] writes what changed and nothing else', async () => {
    const many = (changed: string) =>
      Array.from({ length: 10 }, (_, index) => configMap(`ten-${index}`, { v: index === 4 ? changed : '1' }));
    await story().applied('ten', many('1'));
    const before = await version('cm/ten-0');
    story().stub.forget();
    await story().applied('ten', many('1'));
    expect(applies()).toEqual([]);
    await story().applied('ten', many('2'));
    expect(applies().map(({ url }) => url.replace(/\?.*/, '').split('/').at(-1))).toEqual(['ten-4']);
    expect(await version('cm/ten-0')).toBe(before);
  });

  it('[case 2] that is as it should be changes nothing, also when the agent has forgotten it', async () => {
    await story().applied('same', [configMap('same', { a: '1' })]);
    const before = await version('cm/same');
    await story().applied('same', [configMap('same', { a: '2' })]);
    await story().applied('same', [configMap('same', { a: '1' })]);
    expect(await version('cm/same')).not.toBe(before);
    const now = await version('cm/same');
    await story().applied('same', [{ ...configMap('same', { a: '1' }), status: {} }]);
    expect(await version('cm/same')).toBe(now);
  });

  it('[case 4] takes a field away, or back to its default, when Git drops it', async () => {
    const full = deployment('dropped');
    await story().applied('dropped', [{ ...full, spec: { ...full.spec, replicas: 2, minReadySeconds: 3 } }]);
    const { replicas: _replicas, ...spec } = full.spec;
    await story().applied('dropped', [{ ...full, spec }]);
    const live = (await story().at('deploy/dropped', 'spec')) as JsonObject;
    expect(live['replicas']).toBe(1);
    expect(live).not.toHaveProperty('minReadySeconds');
  });

  it('[case 5] leaves a dropped field to another apply manager that has it too', async () => {
    await story().applied('shared', [configMap('shared', { both: '1', own: '1' })]);
    await story().byHand(configMap('shared', { both: '1' }), '--server-side', '--field-manager=partner');
    await story().applied('shared', [configMap('shared', { own: '1' })]);
    expect(await story().at('cm/shared', 'data')).toEqual({ both: '1', own: '1' });
    const entries = (await story().live('cm/shared')).metadata['managedFields'] as JsonObject[];
    const ours = entries.find((entry) => entry['manager'] === 'fairlead');
    expect(JSON.stringify(ours?.['fieldsV1'])).not.toContain('f:both');
  });

  it('[case 6] takes away entries, labels and annotations that Git drops', async () => {
    const labelled = (marks: JsonObject): KubeObject => ({
      ...configMap('labelled', { a: '1' }),
      metadata: { name: 'labelled', labels: { stays: 'x', ...marks }, annotations: { kept: 'x', ...marks } },
    });
    await story().applied('labelled', [{ ...labelled({ goes: 'y' }), data: { a: '1', b: '2' } }]);
    await story().applied('labelled', [labelled({})]);
    const live = await story().live('cm/labelled');
    expect(live['data']).toEqual({ a: '1' });
    expect(live.metadata['labels']).toMatchObject({ stays: 'x' });
    expect(live.metadata['labels']).not.toHaveProperty('goes');
    expect(live.metadata['annotations']).not.toHaveProperty('goes');
  });

  it('[case 29] says so when the API server knows no server-side apply', async () => {
    const answer = {
      kind: 'Status',
      code: 415,
      reason: 'UnsupportedMediaType',
      message: 'the body is of an unknown type',
    };
    const off = story().stub.on((request) =>
      writesTo('old-server')(request) ? { kind: 'answer', status: 415, body: answer } : null,
    );
    const ack = await story().refused('old-server', [configMap('old-server', {})]);
    off();
    expect(ack).toMatchObject({ permanent: true });
    expect(ack.failures[0]?.message).toContain('server-side apply is not available');
  });

  it('[case 32] never sends managed fields, whatever Git says', async () => {
    const managed = configMap('managed', { a: '1' });
    const managedFields = [
      { manager: 'x', operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: {} },
    ];
    await story().applied('managed', [{ ...managed, metadata: { name: 'managed', managedFields } }]);
    expect(
      story()
        .requestsFor('configmaps/managed')
        .map(({ body }) => body)
        .join(),
    ).not.toContain('managedFields');
    expect(await story().managers('cm/managed')).toEqual(['fairlead Apply']);
  });

  it('[case 34] changes nothing when the same Secret value comes sealed by another key', async () => {
    const { hub } = story().agent;
    const secret = (): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'rotated' },
      type: 'Opaque',
      data: { value: hub.seal('the-same-value') },
    });
    const first = secret();
    await story().applied('rotated', [first]);
    const before = await version('secret/rotated');
    Object.assign(hub.sealingKey, { keyId: 'k2', key: Buffer.alloc(32, 7).toString('base64') });
    const sessions = hub.sessions;
    hub.dropSessions();
    await story().agent.connected(sessions);
    const second = secret();
    expect(second['data']).not.toEqual(first['data']);
    await story().applied('rotated', [second]);
    expect(await version('secret/rotated')).toBe(before);
    expect(hub.drift('rotated')).toEqual([]);
  });

  describe('that is too large', () => {
    const blob = (bytes: number) => 'x'.repeat(bytes);

    it('[case 187] fails for good at the limit of Secrets and ConfigMaps, of the database, and of a request', async () => {
      const group = `${story().namespace}.example.dev`;
      const schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
      const definition: KubeObject = {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: `bags.${group}` },
        spec: {
          group,
          scope: 'Namespaced',
          names: { kind: 'Bag', plural: 'bags', singular: 'bag' },
          versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
        },
      };
      const bag = (name: string, bytes: number): KubeObject => ({
        apiVersion: `${group}/v1`,
        kind: 'Bag',
        metadata: { name },
        spec: { text: blob(bytes) },
      });
      const sealed = { value: story().agent.hub.seal(blob(1_150_000)) };
      const secret: KubeObject = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'large' }, data: sealed };
      await story().applied('large', [definition]);
      story().stub.forget();
      const ack = await story().refused('large', [
        definition,
        secret,
        configMap('large', { value: blob(1_100_000) }),
        bag('large', 1_700_000),
        bag('huge', 3_200_000),
      ]);
      expect(ack.permanent).toBe(true);
      expect(new Map(ack.failures.map(({ object, reason }) => [object.split('/').slice(1).join('/'), reason]))).toEqual(
        new Map([
          [key('Secret', 'large'), 'TooLarge'],
          [key('ConfigMap', 'large'), 'TooLarge'],
          [key('Bag', 'large'), 'TooLarge'],
          [key('Bag', 'huge'), 'TooLarge'],
        ]),
      );
      expect(applies().map(({ url }) => url.replace(/\?.*/, '').split('/').slice(-2).join('/'))).toEqual([
        'bags/large',
      ]);
    });
  });

  it('[case 189] [case 191] [case 192] [case 193] keeps every character, digit, letter case and field', async () => {
    const group = `exact.${story().namespace}.example.dev`;
    const spec = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    const schema = { type: 'object', properties: { spec } };
    const definition: KubeObject = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `tallies.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { kind: 'Tally', plural: 'tallies', singular: 'tally' },
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
      },
    };
    const role: KubeObject = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: `${story().namespace}:Team:Reader` },
      rules: [],
    };
    const text = 'a\u007fb\u0085c\u009fd\u2028e\ufefff';
    const tally: KubeObject = {
      apiVersion: `${group}/v1`,
      kind: 'Tally',
      metadata: { name: 'exact' },
      spec: { count: 1234567890123456789n, fieldOfTomorrow: { on: 'yes' } },
    };
    const service: KubeObject = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'exact' },
      spec: { trafficDistribution: 'PreferClose', ports: [{ port: 80 }] },
    };
    await story().applied('exact', [definition, role, configMap('exact', { text }), tally, service]);
    expect(await story().at('cm/exact', 'data.text')).toBe(text);
    expect(await story().at(`tallies.${group}/exact`, 'spec')).toEqual(tally['spec']);
    expect(await story().at('svc/exact', 'spec.trafficDistribution')).toBe('PreferClose');
    expect(await story().at(`clusterrole/${story().namespace}:Team:Reader`, 'metadata.labels')).toHaveProperty([
      'fairlead.dev/app',
    ]);
  });

  it('[case 198] is an error of the apply when only the dry run passes, and nothing is forgotten', async () => {
    await story().applied('half', [configMap('half', { v: '1' }), configMap('half-gone', {})]);
    const body = { kind: 'Status', code: 422, reason: 'Invalid', message: 'no, for real' };
    const off = story().stub.on((request) =>
      writesTo('half')(request) ? { kind: 'answer', status: 422, body } : null,
    );
    const ack = await story().refused('half', [configMap('half', { v: '2' })]);
    off();
    expect(ack).toMatchObject({
      permanent: true,
      failures: [{ object: key('/ConfigMap', 'half'), message: 'no, for real' }],
    });
    const inventory = await story().inventory('half');
    expect(inventory).toContain(key('/ConfigMap', 'half '));
    expect(inventory).toContain(key('/ConfigMap', 'half-gone '));
    expect(await story().at('cm/half', 'data')).toEqual({ v: '1' });
    await story().kubectl(['get', 'cm/half-gone']);
  });
});
