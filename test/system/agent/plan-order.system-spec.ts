import type { KubeObject } from '@fairlead/manifests';
import type { Assignment } from '@fairlead/shared/contracts';
import { eventually } from '@fairlead/shared/test-kit';
import { configMap, deployment } from '../../fixtures/kube-objects.ts';
import type { SeenRequest } from '../../harness/api-stub.ts';
import { LoneAgent } from '../../harness/lone-agent.ts';
import { useStubbedAgent } from '../../harness/stubbed-agent.ts';

const run = Date.now().toString(36);
const group = `order-${run}.example.dev`;
const settle = { timeoutMs: 20_000 };

describe('the order of application', () => {
  const on = useStubbedAgent(`plan-order-${run}`);
  afterAll(async () => {
    await on.cluster.kubectl(['delete', 'crd', '-l', `plan-order=${run}`, '--wait=false']);
  });

  const kubectl = async (...args: string[]) => (await on.cluster.kubectl(args)).stdout;
  const namespaceOf = (app: string) => `${app}-${run}`;
  const assign = (app: string, objects: readonly KubeObject[], settings = {}) =>
    on.agent.hub.assign(app, objects, {
      settings: { namespace: namespaceOf(app), createNamespace: true, ...settings },
    });
  const healthy = (assignment: Assignment) => eventually(() => on.agent.hub.expectHealthy(assignment), settle);
  const failing = (assignment: Assignment, reason: string) =>
    eventually(() => {
      const status = on.agent.hub.expectStatus(assignment, ({ failing }) =>
        failing.some((one) => one.reason === reason),
      );
      return status.failing.filter((one) => one.reason === reason);
    }, settle);
  const failed = (assignment: Assignment) =>
    eventually(() => {
      const ack = on.agent.hub.acks(assignment.app).findLast(({ counter }) => counter === assignment.counter);
      if (ack?.phase !== 'failed') throw new Error(`ack is ${JSON.stringify(ack)}`);
      return ack;
    }, settle);
  const writesOf = (name: string) => (request: SeenRequest) =>
    request.method === 'PATCH' && new RegExp(`/${name}\\?`).test(request.url) && !request.url.includes('dryRun');
  const firstWrite = (name: string) => on.stub.requests.find(writesOf(name))?.number ?? Number.NaN;
  const written = (...names: string[]) =>
    [...names].filter((name) => !Number.isNaN(firstWrite(name))).sort((a, b) => firstWrite(a) - firstWrite(b));
  /** Runs a command at the very moment an object is about to be written. */
  const atWriteOf = (name: string, ...args: string[]) => {
    let seen = '';
    const run = async () => {
      seen ||= await kubectl(...args);
    };
    on.stub.once(writesOf(name), { kind: 'before', run });
    return () => seen;
  };

  const annotated = <T extends KubeObject>(object: T, annotations: Record<string, string>): T => ({
    ...object,
    metadata: { ...object.metadata, annotations },
  });
  const dependsOn = (object: KubeObject, ...keys: string[]) =>
    annotated(object, { 'fairlead.dev/depends-on': keys.join(', ') });
  const inNamespace = (object: KubeObject, namespace: string): KubeObject => ({
    ...object,
    metadata: { ...object.metadata, namespace },
  });
  const namespace = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  const open = { type: 'object', properties: { open: { type: 'boolean' } } };
  const definition = (plural: string, kind: string, scope = 'Namespaced'): KubeObject => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}`, labels: { 'plan-order': run } },
    spec: {
      group,
      scope,
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties: { spec: open } } },
        },
      ],
    },
  });
  const custom = (kind: string, name: string): KubeObject => ({
    apiVersion: `${group}/v1`,
    kind,
    metadata: { name },
    spec: { open: true },
  });

  it('[case 35] [case 48] [case 172] waits until a definition is served, and then applies its resources in the same run', async () => {
    // The server has it established and still does not list it, as it happens when several of them run.
    const isDiscovery = ({ method, url }: SeenRequest) => method === 'GET' && url === `/apis/${group}/v1`;
    on.stub.once(isDiscovery, { kind: 'answer', status: 404 }, 4);
    const assignment = assign('order-crd', [
      custom('Realm', 'main'),
      custom('Gate', 'front'),
      definition('gates', 'Gate'),
      definition('realms', 'Realm', 'Cluster'),
    ]);
    await healthy(assignment);
    expect(on.agent.hub.acks('order-crd').map(({ phase }) => phase)).toEqual(['received', 'applied']);
    expect(await kubectl('get', `realms.${group}`, 'main', '-o', 'jsonpath={.metadata.namespace}')).toBe('');
    expect(written('front', `gates.${group}`)).toEqual([`gates.${group}`, 'front']);
  });

  it('[case 36] [case 37] fails the object of an unknown kind, applies the rest, and tries again until the kind is there', async () => {
    const assignment = assign('order-late', [custom('Late', 'late'), configMap('late-rest', {})]);
    expect(await failed(assignment)).toMatchObject({
      permanent: false,
      failures: [{ object: `${group}/Late//late`, reason: 'MissingKind' }],
    });
    expect(await kubectl('-n', namespaceOf('order-late'), 'get', 'configmap', 'late-rest', '-o', 'name')).not.toBe('');
    await on.cluster.kubectl(['apply', '-f', '-'], { input: JSON.stringify(definition('lates', 'Late')) });
    await healthy(assignment);
    expect(on.agent.hub.acks('order-late').at(-1)?.phase).toBe('applied');
  });

  it('[case 38] applies a namespace of the bundle before what is in it', async () => {
    const other = `order-inside-${run}`;
    const assignment = assign('order-ns', [inNamespace(configMap('inside', {}), other), namespace(other)]);
    await healthy(assignment);
    expect(on.agent.hub.acks('order-ns').map(({ phase }) => phase)).toEqual(['received', 'applied']);
    expect(written('inside', other)).toEqual([other, 'inside']);
  });

  it('[case 40] applies a role before the binding that needs it, by an agent that may not hand out what is not there', async () => {
    const user = `order-limited-${run}`;
    const verbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'].join(',');
    await kubectl('-n', 'default', 'create', 'serviceaccount', user);
    await kubectl('create', 'clusterrole', user, `--verb=${verbs}`, '--resource=*.*');
    await kubectl('create', 'clusterrolebinding', user, `--clusterrole=${user}`, `--serviceaccount=default:${user}`);
    const token = (await kubectl('-n', 'default', 'create', 'token', user)).trim();
    const limited = await LoneAgent.start(on.cluster, user, { kubeconfig: on.stub.kubeconfig(token) });
    try {
      const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }];
      const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'rbac-reader' };
      const rbac = (kind: string, name: string, rest: object) =>
        ({ apiVersion: 'rbac.authorization.k8s.io/v1', kind, metadata: { name }, ...rest }) as KubeObject;
      const subjects = [{ kind: 'ServiceAccount', name: 'reader', namespace: 'default' }];
      const objects = [
        rbac('RoleBinding', 'rbac-binding', { roleRef, subjects }),
        rbac('Role', 'rbac-reader', { rules }),
      ];
      const settings = { namespace: namespaceOf('order-rbac'), createNamespace: true };
      const assignment = limited.hub.assign('order-rbac', objects, { settings });
      await eventually(() => limited.hub.expectHealthy(assignment), settle);
      expect(limited.hub.acks('order-rbac').map(({ phase }) => phase)).toEqual(['received', 'applied']);
      expect(written('rbac-binding', 'rbac-reader')).toEqual(['rbac-reader', 'rbac-binding']);
    } finally {
      await limited.stop();
      await kubectl('delete', 'clusterrole,clusterrolebinding', user);
    }
  });

  it('[case 41] follows dependencies across namespaces and waits until each is healthy', async () => {
    const [y, z] = [`order-y-${run}`, `order-z-${run}`];
    const assignment = assign('order-chain', [
      dependsOn(configMap('chain-a', {}), `apps/Deployment/${y}/chain-b`),
      dependsOn(inNamespace(deployment('chain-b'), y), `apps/Deployment/${z}/chain-c`),
      inNamespace(deployment('chain-c'), z),
      namespace(y),
      namespace(z),
    ]);
    const ready = (where: string, name: string) =>
      ['-n', where, 'get', 'deployment', name, '-o', 'jsonpath={.status.readyReplicas}'] as const;
    const cAtB = atWriteOf('chain-b', ...ready(z, 'chain-c'));
    const bAtA = atWriteOf('chain-a', ...ready(y, 'chain-b'));
    await healthy(assignment);
    expect([cAtB(), bAtA()]).toEqual(['1', '1']);
    expect(written('chain-a', 'chain-b', 'chain-c')).toEqual(['chain-c', 'chain-b', 'chain-a']);
  });

  it('[case 44] leaves out what depends on an object that failed, and applies it when that is well again', async () => {
    const broken = { ...deployment('skip-broken'), spec: { ...deployment('skip-broken').spec, replicsa: 1 } };
    const key = (kind: string, name: string) => `${kind}/${namespaceOf('order-skip')}/${name}`;
    const objects = (base: KubeObject) => [
      base,
      dependsOn(configMap('skip-one', {}), 'apps/Deployment//skip-broken'),
      dependsOn(configMap('skip-two', {}), '/ConfigMap//skip-one'),
      configMap('skip-free', {}),
    ];
    const ack = await failed(assign('order-skip', objects(broken)));
    expect(ack.failures).toMatchObject([
      { object: key('apps/Deployment', 'skip-broken'), reason: 'Invalid' },
      { object: key('/ConfigMap', 'skip-one'), reason: 'DependencyFailed' },
      { object: key('/ConfigMap', 'skip-two'), reason: 'DependencyFailed' },
    ]);
    expect(written('skip-free', 'skip-one', 'skip-two')).toEqual(['skip-free']);
    await healthy(assign('order-skip', objects(deployment('skip-broken'))));
    expect(written('skip-one', 'skip-two')).toEqual(['skip-one', 'skip-two']);
  });

  it('says what an object waits for while its dependency is not healthy', async () => {
    const slow = deployment('wait-slow', { image: 'registry.example/api:not-ready' });
    const objects = (base: KubeObject) => [base, dependsOn(configMap('wait-for', {}), 'apps/Deployment//wait-slow')];
    const assignment = assign('order-wait', objects(slow));
    const [one] = await failing(assignment, 'Waiting');
    expect(one?.message).toContain(`apps/Deployment/${namespaceOf('order-wait')}/wait-slow`);
    expect(on.agent.hub.acks('order-wait').map(({ phase }) => phase)).toEqual(['received']);
    // A newer assignment does not wait for the end of the wait.
    const next = assign('order-wait', objects(deployment('wait-slow')));
    await healthy(next);
    expect(await kubectl('-n', namespaceOf('order-wait'), 'get', 'configmap', 'wait-for', '-o', 'name')).not.toBe('');
  });

  it('[case 45] leaves out what depends on a namespace that is about to be pruned, and does not prune it', async () => {
    const old = `order-old-${run}`;
    const first = assign('order-leave', [namespace(old), configMap('leave-rest', {})]);
    await healthy(first);
    const dependent = dependsOn(configMap('leave-dependent', {}), `/Namespace//${old}`);
    const ack = await failed(
      assign('order-leave', [dependent, configMap('leave-new', {}), configMap('leave-rest', {})]),
    );
    expect(ack.failures).toMatchObject([{ reason: 'DependencyLeaving' }]);
    expect(written('leave-dependent', 'leave-new')).toEqual(['leave-new']);
    expect(await kubectl('get', 'namespace', old, '-o', 'jsonpath={.status.phase}')).toBe('Active');
  });

  it('[case 46] applies classes before what uses them', async () => {
    const ingressClass = `order-class-${run}`;
    const assignment = assign('order-class', [
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name: 'class-user' },
        spec: { ingressClassName: ingressClass, defaultBackend: { service: { name: 'x', port: { number: 80 } } } },
      },
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'IngressClass',
        metadata: { name: ingressClass },
        spec: { controller: 'example.dev/none' },
      },
    ]);
    await eventually(() => on.agent.hub.expectStatus(assignment, ({ applied }) => applied), settle);
    expect(written('class-user', ingressClass)).toEqual([ingressClass, 'class-user']);
  });

  it('[case 47] registers a webhook when the workload behind it is healthy, so that it does not lock itself out', async () => {
    const place = namespaceOf('order-webhook');
    const webhook: KubeObject = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: `order-gatekeeper-${run}` },
      webhooks: [
        {
          name: 'pods.order.example.dev',
          admissionReviewVersions: ['v1'],
          sideEffects: 'None',
          failurePolicy: 'Fail',
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': place } },
          rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
          clientConfig: { service: { namespace: place, name: 'webhook-service' }, caBundle: '' },
        },
      ],
    };
    const service: KubeObject = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'webhook-service' },
      spec: { selector: { app: 'webhook-server' }, ports: [{ port: 443 }] },
    };
    const inPlace = (object: KubeObject) => inNamespace(object, place);
    const ready = atWriteOf(
      webhook.metadata.name,
      ...['-n', place, 'get', 'deployment', 'webhook-server', '-o', 'jsonpath={.status.readyReplicas}'],
    );
    const assignment = assign('order-webhook', [webhook, inPlace(service), inPlace(deployment('webhook-server'))]);
    try {
      await healthy(assignment);
      expect(ready()).toBe('1');
    } finally {
      await kubectl('delete', 'validatingwebhookconfiguration', webhook.metadata.name, '--ignore-not-found');
    }
  });

  it('[case 49] stops at a definition whose names are taken, and says which', async () => {
    await healthy(assign('order-names', [definition('takens', 'Taken')]));
    const assignment = assign('order-clash', [definition('clashes', 'Taken'), configMap('clash-rest', {})]);
    const ack = await failed(assignment);
    expect(ack).toMatchObject({
      permanent: true,
      failures: [
        { reason: 'NotEstablished', message: expect.stringContaining('already in use') as string },
        { reason: 'DependencyFailed' },
      ],
    });
    expect(written('clash-rest')).toEqual([]);
  });

  it('[case 14] [case 50] applies all that does not need what failed, remembers it, and begins nothing behind a failed wave', async () => {
    const wave = (object: KubeObject, number: string) => annotated(object, { 'argocd.argoproj.io/sync-wave': number });
    const broken = { ...deployment('step-broken'), spec: { ...deployment('step-broken').spec, replicsa: 1 } };
    const assignment = assign('order-step', [
      configMap('step-first', {}),
      broken,
      deployment('step-beside'),
      wave(configMap('step-later', {}), '1'),
      wave(configMap('step-earlier', {}), '-1'),
    ]);
    const ack = await failed(assignment);
    expect(ack.failures.map(({ object, reason }) => `${object.split('/').at(-1)} ${reason}`)).toEqual([
      'step-broken Invalid',
      'step-later DependencyFailed',
    ]);
    expect(written('step-earlier', 'step-first', 'step-beside', 'step-later')).toEqual([
      'step-earlier',
      'step-first',
      'step-beside',
    ]);
    const inventory = await kubectl(
      ...[
        '-n',
        `plan-order-${run}`,
        'get',
        'configmap',
        'fairlead-inventory-order-step',
        '-o',
        'jsonpath={.data.objects}',
      ],
    );
    expect(inventory).toContain('step-first');
    expect(inventory).toContain('step-beside');
  });

  it('begins a wave when everything of the wave before is healthy', async () => {
    const assignment = assign('order-wave', [
      annotated(deployment('wave-db'), { 'fairlead.dev/wave': '-1' }),
      configMap('wave-app', {}),
    ]);
    const ready = atWriteOf(
      'wave-app',
      ...['-n', namespaceOf('order-wave'), 'get', 'deployment', 'wave-db', '-o', 'jsonpath={.status.readyReplicas}'],
    );
    await healthy(assignment);
    expect(ready()).toBe('1');
  });

  it('[case 175] waits for a namespace that is being deleted, says so, and makes it again', async () => {
    const place = `order-ending-${run}`;
    const holder: KubeObject = {
      ...inNamespace(configMap('holder', {}), place),
      metadata: { name: 'holder', namespace: place, finalizers: ['order.example.dev/hold'] },
    };
    await healthy(assign('order-ending', [namespace(place)]));
    await on.cluster.kubectl(['apply', '-f', '-'], { input: JSON.stringify(holder) });
    const uid = () => kubectl('get', 'namespace', place, '--ignore-not-found', '-o', 'jsonpath={.metadata.uid}');
    const before = await uid();
    await kubectl('delete', 'namespace', place, '--wait=false');
    const assignment = assign('order-ending', [namespace(place), inNamespace(configMap('ending', {}), place)], {
      driftMode: 'report',
    });
    const ack = await failed(assignment);
    expect(ack.permanent).toBe(false);
    expect(ack.failures[0]?.reason).toMatch(/^(Namespace)?Terminating$/);
    await failing(assignment, 'Terminating');
    await kubectl(
      '-n',
      place,
      'patch',
      'configmap',
      'holder',
      '--type=merge',
      '-p',
      '{"metadata":{"finalizers":null}}',
    );
    await eventually(() => on.agent.hub.expectHealthy(assignment), { timeoutMs: 60_000 });
    expect(await uid()).not.toBe(before);
    expect(await kubectl('-n', place, 'get', 'configmap', 'ending', '-o', 'name')).not.toBe('');
  }, 90_000);
});
