import type { KubeObject } from '@fairlead/manifests';
import { eventually } from '@fairlead/shared/test-kit';
import type { BedCluster } from '../../bed/bed.ts';
import { configMap } from '../../fixtures/kube-objects.ts';
import { ApiStub } from '../../harness/api-stub.ts';
import { useBed } from '../../harness/bed.ts';
import { LoneAgent } from '../../harness/lone-agent.ts';

const run = Date.now().toString(36);
const namespace = `kube-webhooks-${run}`;
const group = `webhooks-${run}.example.dev`;
// Nothing listens there.
const nowhere = { url: 'https://127.0.0.1:9/', caBundle: undefined };
const timeoutMs = 30_000;

describe('what answers for an API being away', () => {
  const clusters = useBed(1);
  let agent: LoneAgent;
  let stub: ApiStub;
  const cluster = (): BedCluster => {
    const [first] = clusters();
    if (first === undefined) throw new Error('no cluster');
    return first;
  };
  const apply = (object: object) => cluster().kubectl(['apply', '-f', '-'], { input: JSON.stringify(object) });
  const settings = {
    namespace,
    prune: {
      enabled: true,
      maxDeletes: '100%',
      confirm: [],
      allowEmpty: true,
      propagation: 'background' as const,
      cascade: false,
    },
  };
  const healthy = (assignment: ReturnType<LoneAgent['hub']['assign']>) =>
    eventually(() => agent.hub.expectHealthy(assignment), { timeoutMs });
  const failed = (app: string) =>
    eventually(
      () => {
        const ack = agent.hub.acks(app).findLast((message) => message.phase === 'failed');
        if (ack === undefined)
          throw new Error(`acks are ${JSON.stringify(agent.hub.acks(app))}\n${agent.program.output().slice(-2500)}`);
        return ack;
      },
      { timeoutMs },
    );

  beforeAll(async () => {
    await cluster().kubectl(['create', 'namespace', namespace]);
    await cluster().kubectl(['label', 'namespace', namespace, `fairlead-test=${run}`]);
    stub = await ApiStub.start(cluster());
    agent = await LoneAgent.start(cluster(), `${namespace}-agent`, {
      kubeconfig: stub.kubeconfig(cluster().token),
      env: { FAIRLEAD_KUBE_TIMEOUT_MS: '1500' },
    });
  }, 60_000);

  afterAll(async () => {
    await agent?.stop();
    await stub?.close();
    await cluster().kubectl(['delete', 'validatingwebhookconfiguration', namespace, '--ignore-not-found']);
    await cluster().kubectl(['delete', 'crd', `gates.${group}`, '--ignore-not-found', '--wait=false']);
  });

  it('[case 178] a validating webhook: what it judges is tried again, and goes through when it is back', async () => {
    await apply({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: namespace },
      webhooks: [
        {
          name: 'away.example.dev',
          clientConfig: nowhere,
          rules: [
            { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['configmaps'] },
          ],
          namespaceSelector: { matchLabels: { 'fairlead-test': run } },
          failurePolicy: 'Fail',
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
        },
      ],
    });
    // The server reads such configurations a moment later.
    await eventually(async () => {
      const trial = ['-n', namespace, 'create', 'configmap', 'trial', '--dry-run=server'];
      expect((await cluster().kubectl(trial)).stderr).toMatch(/failed calling webhook/);
    });
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'free' }, spec: { ports: [{ port: 80 }] } };
    const assignment = agent.hub.assign('judged', [configMap('judged', { a: '1' }), service], { settings });
    const ack = await failed('judged');
    expect(ack.permanent).toBe(false);
    expect(ack.failures).toMatchObject([{ object: `/ConfigMap/${namespace}/judged`, reason: 'WebhookUnavailable' }]);
    expect(ack.failures[0]?.message).toContain('failed calling webhook "away.example.dev"');
    await cluster().kubectl(['delete', 'validatingwebhookconfiguration', namespace]);
    await healthy(assignment);
  });

  const spec = { type: 'object', properties: { open: { type: 'boolean' } } };
  const definition = (conversion: object, versions = ['v1', 'v2']) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `gates.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind: 'Gate', plural: 'gates', singular: 'gate' },
      conversion,
      versions: ['v1', 'v2'].map((name) => ({
        name,
        served: versions.includes(name),
        storage: name === 'v1',
        schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
      })),
    },
  });
  const none = { strategy: 'None' };
  const away = { strategy: 'Webhook', webhook: { clientConfig: nowhere, conversionReviewVersions: ['v1'] } };
  const gate = (version: string, name: string): KubeObject => ({
    apiVersion: `${group}/${version}`,
    kind: 'Gate',
    metadata: { name },
    spec: { open: true },
  });
  const define = async (conversion: object, versions?: string[]) => {
    await apply(definition(conversion, versions));
    await cluster().kubectl(['wait', '--for=condition=Established', `crd/gates.${group}`]);
  };
  const gateRead = async (version: string, name: string) => {
    const path = `/apis/${group}/${version}/namespaces/${namespace}/gates/${name}`;
    return cluster().kubectl(['get', '--raw', path]);
  };
  const isThere = async (name: string) => (await gateRead('v1', name)).code === 0;

  it('[case 179] a conversion webhook: applying and pruning go on when it is back, the rest meanwhile', async () => {
    await define(none);
    await healthy(agent.hub.assign('converts', [gate('v2', 'left'), configMap('beside', {})], { settings }));
    await define(away);
    await eventually(async () => expect((await gateRead('v2', 'left')).stderr).toMatch(/conversion webhook/));
    // `left` is to go, `new` to come: neither can be done now.
    const assignment = agent.hub.assign('converts', [gate('v2', 'new'), configMap('beside', { a: '2' })], { settings });
    const ack = await failed('converts');
    expect(ack).toMatchObject({ permanent: false, failures: [{ reason: 'WebhookUnavailable' }] });
    await define(none);
    await healthy(assignment);
    await eventually(async () => expect(await isThere('left')).toBe(false), { timeoutMs });
    expect(await isThere('new')).toBe(true);
  });

  it('[case 196] a version that is not served any more: what was applied in it is found in another and goes', async () => {
    await define(none);
    await healthy(agent.hub.assign('ages', [gate('v2', 'aged'), configMap('stays', {})], { settings }));
    await define(none, ['v1']);
    await eventually(async () => expect((await gateRead('v2', 'aged')).code).not.toBe(0));
    await healthy(agent.hub.assign('ages', [configMap('stays', {})], { settings }));
    await eventually(async () => expect(await isThere('aged')).toBe(false), { timeoutMs });
  });

  it('[case 176] an API group that hangs: its objects fail by name, all others are applied', async () => {
    await define(none);
    await healthy(agent.hub.assign('hangs', [gate('v1', 'known')], { settings }));
    const off = stub.on(({ url }) => (url.startsWith(`/apis/${group}`) ? { kind: 'hang' } : null));
    const objects = [
      configMap('goes-on', { a: '1' }),
      gate('v2', 'not-discovered'),
      ...Array.from({ length: 30 }, (_, i) => gate('v1', `hangs-${i}`)),
    ];
    const assignment = agent.hub.assign('hangs', objects, { settings });
    const ack = await failed('hangs');
    expect(ack.permanent).toBe(false);
    expect(new Set(ack.failures.map(({ object }) => object.split('/')[0]))).toEqual(new Set([group]));
    await cluster().kubectl(['-n', namespace, 'get', 'configmap', 'goes-on']);
    // Another app is not held up either.
    await healthy(agent.hub.assign('neighbour', [configMap('neighbour', { a: '1' })], { settings }));
    off();
    await healthy(assignment);
  });
});
