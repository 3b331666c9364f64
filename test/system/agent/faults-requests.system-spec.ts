import type { KubeObject } from '@fairlead/manifests';
import { eventually } from '@fairlead/shared/test-kit';
import { configMap } from '../../fixtures/kube-objects.ts';
import { ApiStub, type SeenRequest } from '../../harness/api-stub.ts';
import { useBed } from '../../harness/bed.ts';
import { LoneAgent } from '../../harness/lone-agent.ts';

// New names for each run: what an earlier run left in the cluster is another agent's.
const run = Date.now().toString(36);
const namespace = `kube-faults-${run}`;
const settings = { namespace, createNamespace: true };

describe('requests that do not go well', () => {
  const clusters = useBed(1);
  let stub: ApiStub;
  let agent: LoneAgent;

  beforeAll(async () => {
    const [cluster] = clusters();
    if (cluster === undefined) throw new Error('no cluster');
    stub = await ApiStub.start(cluster);
    agent = await LoneAgent.start(cluster, `kube-faults-agent-${run}`, {
      kubeconfig: stub.kubeconfig(cluster.token),
      env: { FAIRLEAD_KUBE_TIMEOUT_MS: '1500' },
    });
  }, 60_000);

  afterAll(async () => {
    await agent?.stop();
    await stub?.close();
  });

  /** Whether a request writes (not only tries) this ConfigMap. */
  const writes = (name: string) => (request: SeenRequest) =>
    request.method === 'PATCH' && request.url.includes(`/configmaps/${name}?`) && !request.url.includes('dryRun');
  const statusOf = (code: number, message: string, rest: object = {}) => ({
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    code,
    message,
    ...rest,
  });
  const settled = (assignment: ReturnType<LoneAgent['hub']['assign']>) =>
    eventually(() => agent.hub.expectHealthy(assignment), { timeoutMs: 20_000 });
  const failed = (app: string, counter: number) =>
    eventually(
      () => {
        const ack = agent.hub.acks(app).findLast((message) => message.counter === counter);
        if (ack?.phase !== 'failed') throw new Error(`ack is ${JSON.stringify(ack)}`);
        return ack;
      },
      { timeoutMs: 20_000 },
    );

  it('[case 180] after "too many requests, come in 2 s" no request goes out for 2 s', async () => {
    await settled(agent.hub.assign('throttled', [configMap('throttled-first', { a: '1' })], { settings }));
    stub.forget();
    stub.once(writes('throttled-0'), { kind: 'answer', status: 429, headers: { 'retry-after': '2' } });
    const objects = Array.from({ length: 8 }, (_, index) => configMap(`throttled-${index}`, { a: '1' }));
    await settled(agent.hub.assign('throttled', objects, { settings }));
    const refused = stub.requests.find(writes('throttled-0'));
    const again = stub.requests.filter(writes('throttled-0'))[1];
    const waited = (again?.at ?? 0) - (refused?.at ?? 0);
    expect(waited).toBeGreaterThan(1_950);
    const meanwhile = stub.requests.filter(
      ({ at, url }) => at > (refused?.at ?? 0) + 1_000 && at < (again?.at ?? 0) - 20 && !url.includes('/leases/'),
    );
    // What was under way has arrived within the first second; after that not one request before the pause is over.
    expect(meanwhile.map(({ method, url }) => `${method} ${url}`)).toEqual([]);
  });

  it.each([
    ['500', { kind: 'answer', status: 500, body: statusOf(500, 'etcdserver: leader changed') }],
    ['503', { kind: 'answer', status: 503 }],
    ['504', { kind: 'answer', status: 504 }],
    ['a reset before the server has it', { kind: 'reset' }],
    ['a reset after the server did it', { kind: 'reset', after: true }],
    ['an answer that breaks off', { kind: 'truncate', bytes: 20 }],
    ['a connection that stays silent', { kind: 'hang' }],
  ] as const)('[case 181] repeats a write after %s', async (_name, fault) => {
    const app = `repeats-${_name.replaceAll(/[^a-z0-9]+/g, '-')}`;
    stub.once(writes(app), fault);
    await settled(agent.hub.assign(app, [configMap(app, { a: '1' }), configMap(`${app}-b`, {})], { settings }));
    expect(stub.requests.filter(writes(app)).length).toBe(2);
  });

  it('[case 182] tries again at once after a lost race for a quota', async () => {
    const message = 'Operation cannot be fulfilled on resourcequotas "q": the object has been modified';
    stub.once(
      writes('raced'),
      { kind: 'answer', status: 409, body: statusOf(409, message, { reason: 'Conflict' }) },
      4,
    );
    stub.forget();
    await settled(agent.hub.assign('raced', [configMap('raced', { a: '1' })], { settings }));
    const tries = stub.requests.filter(writes('raced'));
    expect(tries.length).toBe(5);
    // Five tries of the usual schedule would take more than four seconds at least.
    expect((tries[4]?.at ?? 0) - (tries[0]?.at ?? 0)).toBeLessThan(4_000);
  });

  it('says word for word what a quota or policy refuses, and waits for somebody to change it', async () => {
    const message = 'configmaps "refused" is forbidden: exceeded quota: few, requested: count/configmaps=1, used: 1';
    const off = stub.on((request) =>
      writes('refused')(request) ? { kind: 'answer', status: 403, body: statusOf(403, message) } : null,
    );
    const objects = [configMap('refused', { a: '1' }), configMap('refused-not', { a: '1' })];
    stub.forget();
    const assignment = agent.hub.assign('refused', objects, { settings });
    const ack = await failed('refused', assignment.counter);
    expect(ack.failures).toMatchObject([{ object: `/ConfigMap/${namespace}/refused`, reason: 'Refused', message }]);
    expect(ack.permanent).toBe(false);
    expect(stub.requests.filter(writes('refused')).length).toBe(1);
    off();
    // Somebody who asks again gets it at once.
    await settled(agent.hub.assign('refused', objects, { settings }));
  });

  it.each([
    ['413', 413, 'limit is 3145728', 'TooLarge'],
    ['415', 415, 'the body of the request was in an unknown format', 'ServerSideApplyNotAvailable'],
    ['an etcd limit', 500, 'etcdserver: request is too large', 'TooLarge'],
  ])('[case 187] does not repeat what cannot help: %s', async (_name, status, message, reason) => {
    const app = `hopeless-${status}`;
    stub.forget();
    const off = stub.on((request) =>
      writes(app)(request) ? { kind: 'answer', status, body: statusOf(status, message) } : null,
    );
    const assignment = agent.hub.assign(app, [configMap(app, { a: '1' }), configMap(`${app}-b`, {})], { settings });
    const ack = await failed(app, assignment.counter);
    expect(ack).toMatchObject({ permanent: true, failures: [{ reason }] });
    expect(stub.requests.filter(writes(app)).length).toBe(1);
    off();
  });

  it('[case 166] [case 167] does not repeat a schema error, though the server calls it its own', async () => {
    const pod = (name: string, spec: object): KubeObject =>
      ({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec }) as KubeObject;
    const container = { name: 'main', image: 'registry.example/a:1' };
    const port = { containerPort: 80, protocol: 'TCP' };
    for (const [index, [spec, where]] of (
      [
        [{ containers: [{ ...container, imagine: 'x' }] }, /imagine/],
        [{ containers: [{ ...container, ports: [port, port] }] }, /duplicate entries for key/],
        [
          {
            containers: [
              {
                ...container,
                env: [
                  { name: 'A', value: '1' },
                  { name: 'A', value: '2' },
                ],
              },
            ],
          },
          /duplicate entries for key/,
        ],
      ] as const
    ).entries()) {
      const app = `schema-${index}`;
      const assignment = agent.hub.assign(app, [pod(app, spec)], { settings });
      const ack = await failed(app, assignment.counter);
      expect(ack).toMatchObject({
        permanent: true,
        failures: [{ reason: 'Invalid', message: expect.stringMatching(where) }],
      });
    }
  });
});
