import type { KubeObject } from '@fairlead/manifests';
import { eventually } from '@fairlead/shared/test-kit';
import type { StatusMessage } from '@fairlead/shared/contracts';
import { configMap, deployment } from '../../fixtures/kube-objects.ts';
import { ApiStub } from '../../harness/api-stub.ts';
import { useBed } from '../../harness/bed.ts';
import { LoneAgent } from '../../harness/lone-agent.ts';

const settle = { timeoutMs: 20_000 };
// What an earlier run left on the same cluster belongs to the agent of that run.
const run = Date.now().toString(36);
const app = (name: string) => `health-${name}-${run}`;

describe('health on a real API server', () => {
  const bed = useBed(1);
  const cluster = () => {
    const [first] = bed();
    if (first === undefined) throw new Error('no cluster');
    return first;
  };
  let stub: ApiStub;
  let agent: LoneAgent;
  const kubectl = async (...args: string[]) => (await cluster().kubectl(args)).stdout;
  const create = (object: unknown) => cluster().kubectl(['create', '-f', '-'], { input: JSON.stringify(object) });
  const inNamespace = (namespace: string) => ({ namespace, createNamespace: true });
  const group = (name: string) => `${app(name)}.example.dev`;
  const probe = (name: string): KubeObject => ({
    apiVersion: `${group(name)}/v1`,
    kind: 'Probe',
    metadata: { name: 'p' },
    spec: { url: 'http://x' },
  });
  const setStatus = (name: string, status: object) =>
    kubectl(
      ...['-n', app(name), 'patch', `probes.${group(name)}`, 'p', '--subresource=status', '--type=merge'],
      ...['-p', JSON.stringify({ status })],
    );
  const ready = (status: string) => ({ conditions: [{ type: 'Ready', status, reason: 'Probed', message: 'm' }] });
  const defineProbes = async (name: string, declaresStatus = true) => {
    await create(probeDefinition(group(name), declaresStatus));
    await kubectl('wait', '--for=condition=Established', `crd/probes.${group(name)}`);
  };
  const status = (
    assignment: Parameters<typeof agent.hub.expectStatus>[0],
    accept: (status: StatusMessage) => boolean,
  ) => eventually(() => agent.hub.expectStatus(assignment, accept), settle);

  beforeAll(async () => {
    stub = await ApiStub.start(cluster());
    agent = await LoneAgent.start(cluster(), app('agent'), {
      kubeconfig: stub.kubeconfig(cluster().token),
      env: { FAIRLEAD_API_SILENCE_MS: '2000', FAIRLEAD_KUBE_TIMEOUT_MS: '1000' },
    });
  }, 60_000);
  afterAll(async () => {
    await agent.stop();
    await stub.close();
    for (const name of ['edges', 'gone', 'grace', 'plain', 'own'])
      await cluster().kubectl(['delete', 'crd', `probes.${group(name)}`, '--ignore-not-found', '--wait=false']);
  });

  it('[case 128] reports healthy, not healthy and healthy again', async () => {
    await defineProbes('edges');
    const assignment = agent.hub.assign(app('edges'), [probe('edges')], { settings: inNamespace(app('edges')) });
    await status(assignment, ({ applied, health }) => applied && health === 'progressing');
    await setStatus('edges', ready('True'));
    await status(assignment, ({ health }) => health === 'healthy');
    await setStatus('edges', ready('False'));
    const worse = await status(assignment, ({ health }) => health === 'degraded');
    expect(worse.failing).toMatchObject([{ object: `${group('edges')}/Probe/${app('edges')}/p`, reason: 'Probed' }]);
    await setStatus('edges', ready('True'));
    await status(assignment, ({ health }) => health === 'healthy');
    const told = agent.hub.statuses(app('edges')).map(({ health }) => health);
    expect(told.filter((health, index) => health !== told[index - 1]).slice(-3)).toEqual([
      'healthy',
      'degraded',
      'healthy',
    ]);
  });

  it('[case 119] waits for the first status only of kinds that have one', async () => {
    await defineProbes('grace');
    await defineProbes('plain', false);
    const waiting = agent.hub.assign(app('grace'), [probe('grace')], { settings: inNamespace(app('grace')) });
    const plain = agent.hub.assign(app('plain'), [probe('plain')], { settings: inNamespace(app('plain')) });
    await eventually(() => agent.hub.expectHealthy(plain), settle);
    const told = await status(waiting, ({ applied }) => applied);
    expect(told).toMatchObject({ health: 'progressing', failing: [{ reason: 'NoStatus' }] });
    await setStatus('grace', ready('True'));
    await eventually(() => agent.hub.expectHealthy(waiting), settle);
  });

  it('[case 129] does not hang when the definition goes while an object is waited for', async () => {
    await defineProbes('gone');
    const assignment = agent.hub.assign(app('gone'), [probe('gone'), configMap('fine', {})], {
      settings: { ...inNamespace(app('gone')), driftMode: 'report' },
    });
    await status(assignment, ({ applied, health }) => applied && health === 'progressing');
    await kubectl('delete', 'crd', `probes.${group('gone')}`);
    const told = await status(assignment, ({ health }) => health === 'failed');
    expect(told.failing).toMatchObject([{ object: `${group('gone')}/Probe/${app('gone')}/p`, reason: 'Missing' }]);
    const next = agent.hub.assign(app('gone'), [configMap('fine', {})], { settings: inNamespace(app('gone')) });
    await status(next, ({ applied }) => applied);
  });

  it('[case 125] names the object whose status cannot be read, and goes on with the others', async () => {
    const waits = deployment('secretive', { image: 'registry.example/api:not-ready' });
    const assignment = agent.hub.assign(app('unread'), [waits, deployment('open')], {
      settings: inNamespace(app('unread')),
    });
    await status(assignment, ({ applied, counts }) => applied && counts.healthy === 1);
    const release = stub.on(({ method, url }) =>
      method === 'GET' && url.endsWith(`/namespaces/${app('unread')}/deployments/secretive`)
        ? { kind: 'answer', status: 403, body: { kind: 'Status', reason: 'Forbidden', message: 'may not be read' } }
        : null,
    );
    const told = await status(assignment, ({ health, counts }) => health === 'unknown' && counts.healthy === 1);
    expect(told.failing).toMatchObject([
      {
        object: `apps/Deployment/${app('unread')}/secretive`,
        reason: 'ReadFailed',
        message: expect.stringContaining('may not be read') as string,
      },
    ]);
    release();
  });

  it('[case 127] does not wait for an object that is not to be waited for', async () => {
    const skipped = deployment('skipped', { image: 'registry.example/api:not-ready' });
    const metadata = { name: 'skipped', annotations: { 'fairlead.dev/health': 'ignore' } };
    const assignment = agent.hub.assign(app('skip'), [{ ...skipped, metadata }, deployment('api')], {
      settings: inNamespace(app('skip')),
    });
    await eventually(() => agent.hub.expectHealthy(assignment), settle);
  });

  it('[case 109] takes a Job that went away after its work as done, and one without such a promise as missing', async () => {
    const job = (name: string, ttl: object): KubeObject => ({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name },
      spec: {
        ...ttl,
        template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'registry.example/job:1' }] } },
      },
    });
    const assignment = agent.hub.assign(app('ttl'), [job('done', { ttlSecondsAfterFinished: 0 })], {
      settings: inNamespace(app('ttl')),
    });
    await eventually(() => agent.hub.expectHealthy(assignment), settle);
    await eventually(async () => expect(await kubectl('-n', app('ttl'), 'get', 'jobs', '-o', 'name')).toBe(''), settle);
    const kept = agent.hub.assign(app('kept'), [job('kept', {})], {
      settings: { ...inNamespace(app('kept')), driftMode: 'report' },
    });
    await eventually(() => agent.hub.expectHealthy(kept), settle);
    await kubectl('-n', app('kept'), 'delete', 'job', 'kept');
    await status(kept, ({ failing }) => failing[0]?.reason === 'Missing');
    // Nobody ran the finished Job once more.
    expect(await kubectl('-n', app('ttl'), 'get', 'jobs', '-o', 'name')).toBe('');
    agent.hub.expectHealthy(assignment);
  });

  it('judges a kind by the rule of the app, and names a rule that cannot be read', async () => {
    await defineProbes('own', true);
    const health = [
      {
        apiVersion: `${group('own')}/v1`,
        kind: 'Probe',
        progressing: null,
        failed: null,
        current: 'object.status.open',
      },
      { apiVersion: 'v1', kind: 'ConfigMap', progressing: null, failed: 'object.', current: 'true' },
    ];
    const settings = { ...inNamespace(app('own')), health };
    const assignment = agent.hub.assign(app('own'), [probe('own')], { settings });
    const told = await status(assignment, ({ applied }) => applied);
    expect(told).toMatchObject({ health: 'progressing', notices: [{ reason: 'HealthRuleInvalid' }] });
    await setStatus('own', { open: true });
    await eventually(() => agent.hub.expectHealthy(assignment), settle);
    const other = { ...settings, health: [{ ...health[0], current: '!object.status.open' }] as typeof health };
    const next = agent.hub.assign(app('own'), [probe('own')], { settings: other });
    await status(next, ({ failing }) => failing[0]?.reason === 'NotCurrent');
  });

  it('takes back what it said about health while the API server is silent, and looks again', async () => {
    const assignment = agent.hub.assign(app('silent'), [deployment('api'), configMap('fine', {})], {
      settings: inNamespace(app('silent')),
    });
    await eventually(() => agent.hub.expectHealthy(assignment), settle);
    const release = stub.on(() => ({ kind: 'hang' }));
    const told = await status(assignment, ({ health }) => health === 'unknown');
    expect(told.failing).toMatchObject([
      { reason: 'ApiUnreachable', message: expect.stringMatching(/since \d{4}-/) as string },
    ]);
    release();
    await eventually(() => agent.hub.expectHealthy(assignment), { timeoutMs: 30_000 });
  }, 60_000);
});

function probeDefinition(group: string, declaresStatus: boolean): KubeObject {
  const conditions = { type: 'array', items: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  const status = { type: 'object', properties: { conditions, open: { type: 'boolean' } } };
  const spec = { type: 'object', properties: { url: { type: 'string' } } };
  const properties = declaresStatus ? { spec, status } : { spec };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `probes.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind: 'Probe', plural: 'probes', singular: 'probe' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: { type: 'object', properties } },
        },
      ],
    },
  };
}
