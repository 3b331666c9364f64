import type { KubeObject } from '@fairlead/manifests';
import type { Assignment } from '@fairlead/shared/contracts';
import { eventually } from '@fairlead/shared/test-kit';
import { configMap, deployment } from '../../fixtures/kube-objects.ts';
import type { SeenRequest } from '../../harness/api-stub.ts';
import { useStubbedAgent } from '../../harness/stubbed-agent.ts';

const run = Date.now().toString(36);
const agentNamespace = `plan-manifests-${run}`;
const settle = { timeoutMs: 20_000 };

describe('a manifest', () => {
  const on = useStubbedAgent(agentNamespace);
  afterAll(async () => {
    await on.cluster.kubectl(['delete', 'clusterrole,crd', '-l', `plan-manifests=${run}`, '--wait=false']);
  });

  const kubectl = async (...args: string[]) => (await on.cluster.kubectl(args)).stdout;
  const namespaceOf = (app: string) => `${app}-${run}`;
  const read = (app: string, kind: string, name: string, path: string) =>
    kubectl('-n', namespaceOf(app), 'get', kind, name, '--ignore-not-found', '-o', `jsonpath=${path}`);
  const assign = (app: string, objects: readonly KubeObject[], driftMode: 'report' | 'correct' = 'correct') =>
    on.agent.hub.assign(app, objects, { settings: { namespace: namespaceOf(app), createNamespace: true, driftMode } });
  const healthy = (assignment: Assignment) => eventually(() => on.agent.hub.expectHealthy(assignment), settle);
  const inventoryOf = (app: string) =>
    kubectl('-n', agentNamespace, 'get', 'configmap', `fairlead-inventory-${app}`, '-o', 'jsonpath={.data.objects}');
  const annotated = (object: KubeObject, annotations: Record<string, string>): KubeObject => ({
    ...object,
    metadata: { ...object.metadata, annotations },
  });
  const leftAlone = (object: KubeObject, how: string) => annotated(object, { 'fairlead.dev/reconcile': how });
  const asks = (name: string) => (request: SeenRequest) =>
    request.method === 'PATCH' && new RegExp(`/${name}\\?`).test(request.url);
  /** Makes the agent look at an object again, and waits until it has. */
  const lookAgain = async (app: string, kind: string, name: string) => {
    on.stub.forget();
    await kubectl('-n', namespaceOf(app), 'annotate', kind, name, 'fairlead.dev/tracking-id-', '--field-manager=test');
    await eventually(() => expect(on.stub.requests.some(asks(name))).toBe(true), settle);
    await eventually(
      async () => expect(await read(app, kind, name, '{.metadata.annotations}')).toContain('tracking-id'),
      settle,
    );
  };

  it('[case 7] of a Secret leaves no value behind under its old name', async () => {
    const secret = (name: string): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'renamed' },
      stringData: { [name]: 'value' },
    });
    await healthy(assign('mani-secret', [secret('old')]));
    await healthy(assign('mani-secret', [secret('new')]));
    expect(await read('mani-secret', 'secret', 'renamed', '{.data}')).toBe(
      JSON.stringify({ new: Buffer.from('value').toString('base64') }),
    );
  });

  it('[case 8] of ports without a protocol keeps one port when something else changes, and shows no drift', async () => {
    const service = (targetPort: number): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'ports' },
      spec: { selector: { app: 'ports' }, ports: [{ name: 'web', port: 80, targetPort }] },
    });
    const workload = (image: string): KubeObject => {
      const base = deployment('ports', { image });
      const containers = base.spec.template.spec.containers.map((one) => ({
        ...one,
        ports: [{ containerPort: 8080 }],
      }));
      return { ...base, spec: { ...base.spec, template: { ...base.spec.template, spec: { containers } } } };
    };
    await healthy(assign('mani-ports', [service(8080), workload('registry.example/api:1')]));
    await healthy(assign('mani-ports', [service(8081), workload('registry.example/api:2')]));
    expect(await read('mani-ports', 'service', 'ports', '{.spec.ports[*].targetPort}')).toBe('8081');
    expect(await read('mani-ports', 'deployment', 'ports', '{.spec.template.spec.containers[0].ports}')).toBe(
      JSON.stringify([{ containerPort: 8080, protocol: 'TCP' }]),
    );
    await lookAgain('mani-ports', 'service', 'ports');
    expect(
      on.agent.hub
        .drift('mani-ports')
        .flatMap(({ opened }) => opened)
        .filter(({ path }) => path.startsWith('/spec')),
    ).toEqual([]);
  });

  it('[case 9] with status and metadata of a server is accepted, and shows no drift', async () => {
    const base = deployment('copied');
    const copied: KubeObject = {
      ...base,
      metadata: {
        ...base.metadata,
        creationTimestamp: null,
        resourceVersion: '1',
        uid: '00000000-0000-0000-0000-000000000000',
        generation: 7,
        managedFields: [],
      },
      spec: {
        ...base.spec,
        template: { ...base.spec.template, metadata: { ...base.spec.template.metadata, creationTimestamp: null } },
      },
      status: { replicas: 9 },
    };
    await healthy(assign('mani-copy', [copied]));
    expect(await read('mani-copy', 'deployment', 'copied', '{.status.replicas}')).toBe('1');
    await lookAgain('mani-copy', 'deployment', 'copied');
    const paths = on.agent.hub.drift('mani-copy').flatMap(({ opened }) => opened.map(({ path }) => path));
    expect(paths.filter((path) => !path.startsWith('/metadata/annotations'))).toEqual([]);
  });

  it('[case 10] of a definition with a placeholder for its CA is accepted', async () => {
    const group = `mani-${run}.example.dev`;
    const clientConfig = { url: 'https://conversion.example.dev/', caBundle: Buffer.from('\n').toString('base64') };
    const definition: KubeObject = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `gates.${group}`, labels: { 'plan-manifests': run } },
      spec: {
        group,
        scope: 'Namespaced',
        names: { kind: 'Gate', plural: 'gates', singular: 'gate' },
        conversion: { strategy: 'Webhook', webhook: { conversionReviewVersions: ['v1'], clientConfig } },
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
      },
    };
    await healthy(assign('mani-ca', [definition]));
    expect(await read('mani-ca', 'crd', `gates.${group}`, '{.spec.conversion.webhook.clientConfig}')).toBe(
      JSON.stringify({ url: clientConfig.url }),
    );
  });

  it('[case 28] of an aggregated ClusterRole never empties the rules that were collected', async () => {
    const label = `mani-part-${run}`;
    const role = (name: string, rest: object, labels = {}): KubeObject => ({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: `${name}-${run}`, labels: { 'plan-manifests': run, ...labels } },
      ...rest,
    });
    const aggregationRule = { clusterRoleSelectors: [{ matchLabels: { [label]: 'true' } }] };
    const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }];
    const objects = (note: string) => [
      role('mani-part', { rules }, { [label]: 'true' }),
      role('mani-sum', { aggregationRule, rules: [] }, { note }),
      role('mani-none', { aggregationRule }, { note }),
    ];
    const collected = async (name: string) => {
      expect(await kubectl('get', 'clusterrole', `${name}-${run}`, '-o', 'jsonpath={.rules[*].resources[*]}')).toBe(
        'pods',
      );
    };
    await healthy(assign('mani-role', objects('1')));
    await eventually(() => Promise.all([collected('mani-sum'), collected('mani-none')]), settle);
    const emptied: string[] = [];
    on.stub.once(asks(`mani-sum-${run}`), {
      kind: 'after',
      run: async () => emptied.push(await kubectl('get', 'clusterrole', `mani-sum-${run}`, '-o', 'jsonpath={.rules}')),
    });
    await healthy(assign('mani-role', objects('2')));
    expect(emptied).toEqual([JSON.stringify(rules)]);
    expect(on.agent.hub.drift('mani-role')).toEqual([]);
  });

  it('[case 11] [case 13] that is only for when nothing is there makes the object once, and leaves it alone', async () => {
    const role = (verb: string): KubeObject => ({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      // As renderers write it that do not know the kind.
      metadata: { name: `mani-once-${run}`, namespace: namespaceOf('mani-once'), labels: { 'plan-manifests': run } },
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: [verb] }],
    });
    const objects = (v: string) => [
      leftAlone(configMap('once', { v }), 'ifNotPresent'),
      leftAlone(role(v === '1' ? 'get' : 'list'), 'ifNotPresent'),
      configMap('always', { v }),
    ];
    await healthy(assign('mani-once', objects('1')));
    await kubectl('-n', namespaceOf('mani-once'), 'patch', 'configmap', 'once', '-p', '{"data":{"v":"by hand"}}');
    on.stub.forget();
    await healthy(assign('mani-once', objects('2')));
    expect(await read('mani-once', 'configmap', 'once', '{.data.v}')).toBe('by hand');
    expect(await read('mani-once', 'configmap', 'always', '{.data.v}')).toBe('2');
    expect(await kubectl('get', 'clusterrole', `mani-once-${run}`, '-o', 'jsonpath={.rules[0].verbs[0]}')).toBe('get');
    expect(on.stub.requests.filter(asks('once'))).toEqual([]);
    expect((await inventoryOf('mani-once')).split('\n').map((line) => line.split(' ')[0])).toEqual([
      `/ConfigMap/${namespaceOf('mani-once')}/always`,
      `/ConfigMap/${namespaceOf('mani-once')}/once`,
      `rbac.authorization.k8s.io/ClusterRole//mani-once-${run}`,
    ]);
    expect(on.agent.hub.drift('mani-once')).toEqual([]);
  });

  it('[case 12] that is to be left alone is, whether Git says so or the object in the cluster', async () => {
    const app = 'mani-alone';
    const objects = (v: string) => [
      configMap('by-cluster', { v }),
      leftAlone(configMap('by-git', { v }), 'disabled'),
      configMap('touched', { v }),
    ];
    await healthy(assign(app, objects('1')));
    expect(await read(app, 'configmap', 'by-git', '{.metadata.name}')).toBe('');
    expect(await inventoryOf(app)).toContain('by-git');
    await kubectl('-n', namespaceOf(app), 'annotate', 'configmap', 'by-cluster', 'fairlead.dev/reconcile=disabled');
    await kubectl('-n', namespaceOf(app), 'patch', 'configmap', 'by-cluster', '-p', '{"data":{"v":"by hand"}}');
    await healthy(assign(app, objects('2')));
    expect(await read(app, 'configmap', 'by-cluster', '{.data.v}')).toBe('by hand');
    expect(await read(app, 'configmap', 'touched', '{.data.v}')).toBe('2');
    expect(await inventoryOf(app)).toContain('by-cluster');
    // It comes back when nobody says so any more.
    await kubectl('-n', namespaceOf(app), 'annotate', 'configmap', 'by-cluster', 'fairlead.dev/reconcile-');
    await eventually(async () => expect(await read(app, 'configmap', 'by-cluster', '{.data.v}')).toBe('2'), settle);
  });

  it('[case 12] of an object that others made and want left alone is not adopted', async () => {
    const app = 'mani-others';
    await healthy(assign(app, [configMap('first', {})]));
    await kubectl('-n', namespaceOf(app), 'create', 'configmap', 'theirs', '--from-literal=v=theirs');
    await kubectl('-n', namespaceOf(app), 'annotate', 'configmap', 'theirs', 'fairlead.dev/reconcile=disabled');
    await healthy(assign(app, [configMap('first', {}), configMap('theirs', { v: 'ours' })]));
    expect(await read(app, 'configmap', 'theirs', '{.data.v} {.metadata.labels}')).toBe('theirs ');
  });

  it('[case 200] takes 300 namespaces and what is in them', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `mani-many-${index}-${run}`);
    const objects = names.flatMap((name): KubeObject[] => [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { 'plan-many': run } } },
      { ...configMap('inside', {}), metadata: { name: 'inside', namespace: name } },
    ]);
    try {
      const assignment = assign('mani-many', objects);
      const { counts } = await eventually(() => on.agent.hub.expectHealthy(assignment), { timeoutMs: 60_000 });
      expect(counts).toMatchObject({ objects: 600, healthy: 600 });
    } finally {
      await kubectl('delete', 'namespace', '-l', `plan-many=${run}`, '--wait=false');
    }
  }, 90_000);
});
