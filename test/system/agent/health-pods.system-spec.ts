import type { KubeObject } from '@fairlead/manifests';
import { eventually } from '@fairlead/shared/test-kit';
import { configMap, deployment } from '../../fixtures/kube-objects.ts';
import { ApiStub } from '../../harness/api-stub.ts';
import { useBed } from '../../harness/bed.ts';
import { LoneAgent } from '../../harness/lone-agent.ts';

const settle = { timeoutMs: 20_000 };
// What an earlier run left on the same cluster belongs to the agent of that run.
const run = Date.now().toString(36);
const app = (name: string) => `health-${name}-${run}`;
const agentNamespace = `fairlead-health-pods-${run}`;

describe('health of workloads', () => {
  const bed = useBed(1);
  const cluster = () => {
    const [first] = bed();
    if (first === undefined) throw new Error('no cluster');
    return first;
  };
  let stub: ApiStub;
  let agent: LoneAgent;
  const kubectl = async (...args: string[]) => (await cluster().kubectl(args)).stdout;
  const inNamespace = (namespace: string) => ({ settings: { namespace, createNamespace: true } });
  const logRequests = () => stub.requests.filter(({ url }) => url.includes('/log?'));

  beforeAll(async () => {
    stub = await ApiStub.start(cluster());
    agent = await LoneAgent.start(cluster(), agentNamespace, {
      kubeconfig: stub.kubeconfig(cluster().token),
      env: { FAIRLEAD_STUCK_GRACE_MS: '500' },
    });
  }, 60_000);
  afterAll(async () => {
    await agent.stop();
    await stub.close();
  });

  it('sends the last words of a failing Pod along, asked for once and without secrets', async () => {
    const said =
      'starting\npassword=hunter2 Authorization: Bearer abcdef0123456789\n\u001b[31mpanic: no route\u001b[0m\n';
    const silence = stub.on(({ url }) =>
      url.includes(`/namespaces/${app('crash')}/pods/`) && url.includes('/log?')
        ? { kind: 'answer', status: 200, body: said, headers: { 'content-type': 'text/plain' } }
        : null,
    );
    const assignment = agent.hub.assign(
      app('crash'),
      [deployment('crasher', { image: 'registry.example/api:crash' })],
      inNamespace(app('crash')),
    );
    const status = await eventually(
      () => agent.hub.expectStatus(assignment, ({ failing }) => (failing[0]?.pods?.length ?? 0) > 0),
      settle,
    );
    expect(status).toMatchObject({
      health: 'failed',
      failing: [{ object: `apps/Deployment/${app('crash')}/crasher`, reason: 'CrashLoopBackOff' }],
    });
    const [pod] = status.failing[0]?.pods ?? [];
    expect(pod).toMatchObject({ container: 'main', reason: 'CrashLoopBackOff' });
    expect(pod?.name).toMatch(/^crasher-/);
    expect(pod?.log).toBe('starting\npassword=*** Authorization: *** ***\npanic: no route');
    expect(pod?.events.map((event) => event.reason)).toContain('BackOff');
    expect(logRequests()[0]?.url).toContain('previous=true');
    // What comes after the failure is no reason to ask again.
    const asked = logRequests().length;
    await kubectl('-n', app('crash'), 'annotate', 'deployment', 'crasher', 'a=b');
    stub.forget();
    await eventually(() => expect(stub.requests.some(({ url }) => url.endsWith('/deployments/crasher'))).toBe(true));
    expect([asked, logRequests().length]).toEqual([1, 0]);
    silence();
  });

  it('reads the log that the cluster has', async () => {
    const assignment = agent.hub.assign(
      app('log'),
      [deployment('crasher', { image: 'registry.example/api:crash' })],
      inNamespace(app('log')),
    );
    await eventually(
      () =>
        agent.hub.expectStatus(assignment, ({ failing }) =>
          (failing[0]?.pods?.[0]?.log ?? '').includes('played by the test bed'),
        ),
      settle,
    );
  });

  it('says nothing of a log that it may not read', async () => {
    const release = stub.on(({ url }) =>
      url.includes(`/namespaces/${app('denied')}/pods/`) && url.includes('/log?')
        ? { kind: 'answer', status: 403 }
        : null,
    );
    const assignment = agent.hub.assign(
      app('denied'),
      [deployment('crasher', { image: 'registry.example/api:crash' })],
      inNamespace(app('denied')),
    );
    const status = await eventually(
      () => agent.hub.expectStatus(assignment, ({ failing }) => (failing[0]?.pods?.length ?? 0) > 0),
      settle,
    );
    expect(status.failing[0]?.pods?.[0]).toMatchObject({ log: null, reason: 'CrashLoopBackOff' });
    release();
  });

  it('[case 123] fails at once when one object failed, while others are still on their way', async () => {
    const assignment = agent.hub.assign(
      app('first'),
      [
        deployment('waits', { image: 'registry.example/api:not-ready' }),
        deployment('fails', { image: 'registry.example/api:nope' }),
      ],
      inNamespace(app('first')),
    );
    const status = await eventually(
      () => agent.hub.expectStatus(assignment, ({ health }) => health === 'failed'),
      settle,
    );
    expect(status.counts).toEqual({ objects: 2, healthy: 0, progressing: 1, failed: 1 });
    expect(status.failing.map(({ object }) => object)).toEqual([
      `apps/Deployment/${app('first')}/fails`,
      `apps/Deployment/${app('first')}/waits`,
    ]);
  });

  it('[case 124] does not ask again once there are only failed and well objects', async () => {
    const job: KubeObject = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'fails' },
      spec: {
        backoffLimit: 0,
        template: {
          spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'registry.example/job:crash' }] },
        },
      },
    };
    const assignment = agent.hub.assign(app('over'), [job, configMap('fine', {})], inNamespace(app('over')));
    await eventually(() => agent.hub.expectStatus(assignment, ({ health }) => health === 'failed'), settle);
    // A workload that waits is the clock: it is looked at again and again.
    const clock = agent.hub.assign(
      app('clock'),
      [deployment('waits', { image: 'registry.example/api:not-ready' })],
      inNamespace(app('clock')),
    );
    await eventually(() => agent.hub.expectStatus(clock, ({ applied }) => applied), settle);
    stub.forget();
    const reads = (namespace: string) =>
      stub.requests.filter(({ method, url }) => method === 'GET' && url.includes(`/namespaces/${namespace}/pods?`));
    await eventually(() => expect(reads(app('clock')).length).toBeGreaterThan(2), settle);
    expect(reads(app('over'))).toEqual([]);
  });

  it('[case 126] leaves the old release alone as soon as a newer one is assigned', async () => {
    const stuck = agent.hub.assign(
      app('newer'),
      [deployment('api', { image: 'registry.example/api:not-ready' })],
      inNamespace(app('newer')),
    );
    await eventually(() => agent.hub.expectStatus(stuck, ({ applied }) => applied), settle);
    const fixed = agent.hub.assign(app('newer'), [deployment('api')], inNamespace(app('newer')));
    await eventually(() => agent.hub.expectHealthy(fixed), settle);
    expect(
      agent.hub
        .statuses(app('newer'))
        .filter(({ counter, health }) => counter === stuck.counter && health === 'healthy'),
    ).toEqual([]);
  });

  it('[case 130] refuses its own Deployment and does not wait for it', async () => {
    const own = {
      ...deployment('fairlead-agent'),
      metadata: { name: 'fairlead-agent', namespace: agentNamespace },
    };
    agent.hub.assign(app('own'), [own, configMap('fine', {})], inNamespace(app('own')));
    await eventually(
      () =>
        expect(agent.hub.acks(app('own')).at(-1)).toMatchObject({
          phase: 'failed',
          permanent: true,
          failures: [
            {
              object: `apps/Deployment/${agentNamespace}/fairlead-agent`,
              reason: 'InvalidManifest',
              message: expect.stringContaining('belongs to the agent') as string,
            },
          ],
        }),
      settle,
    );
    const next = agent.hub.assign(app('own'), [configMap('fine', {})], inNamespace(app('own')));
    await eventually(() => agent.hub.expectHealthy(next), settle);
  });
});
