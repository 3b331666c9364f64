import type { KubeObject } from '@fairlead/manifests';
import { eventually } from '@fairlead/shared/test-kit';
import { configMap, deployment } from '../../fixtures/kube-objects.ts';
import { usePrivateBed } from '../../harness/bed.ts';
import { LoneAgent } from '../../harness/lone-agent.ts';

const settle = { timeoutMs: 20_000 };

describe('the agent', () => {
  const bed = usePrivateBed(1);
  const cluster = () => {
    const [first] = bed();
    if (first === undefined) throw new Error('no cluster');
    return first;
  };
  let agent: LoneAgent;
  const kubectl = async (...args: string[]) => (await cluster().kubectl(args)).stdout;
  const tryKubectl = (...args: string[]) => cluster().kubectl(args);
  const inNamespace = (namespace: string) => ({ settings: { namespace, createNamespace: true } });

  beforeAll(async () => {
    agent = await LoneAgent.start(cluster(), 'fairlead-lone');
  }, 60_000);
  afterAll(async () => {
    await agent.stop();
  });

  describe('health', () => {
    it('says why Pods do not come up, and fails the target when they stay so', async () => {
      const assignment = agent.hub.assign(
        'pull',
        [deployment('pull', { image: 'registry.example/orders:nope' })],
        inNamespace('pull'),
      );
      const status = await eventually(
        () => agent.hub.expectStatus(assignment, ({ health }) => health === 'failed'),
        settle,
      );
      expect(status.failing[0]).toMatchObject({
        object: 'apps/Deployment/pull/pull',
        reason: expect.stringMatching(/ImagePull/),
      });
      expect(status.failing[0]?.message).toContain('registry.example/orders:nope');
    });

    it('calls a target degraded that was healthy before its Pods began to crash', async () => {
      const crashing = deployment('crash', { image: 'registry.example/api:crash-later' });
      const assignment = agent.hub.assign('crash', [crashing], inNamespace('crash'));
      await eventually(() => agent.hub.expectHealthy(assignment), settle);
      const degraded = await eventually(
        () =>
          agent.hub.expectStatus(
            assignment,
            ({ health, failing }) => health === 'degraded' && /Crash/.test(failing[0]?.reason ?? ''),
          ),
        { timeoutMs: 60_000 },
      );
      expect(degraded.applied).toBe(true);
    });
  });

  describe('pruning', () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => configMap(`cm-${index}`, {}));
    const names = async (namespace: string) =>
      (await kubectl('-n', namespace, 'get', 'configmaps', '-l', 'fairlead.dev/app', '-o', 'name'))
        .trim()
        .split('\n')
        .filter((name) => name !== '');

    it('deletes what left the app once the rest is healthy, and not before', async () => {
      const first = agent.hub.assign('prune', [...many(8), deployment('api')], inNamespace('prune'));
      await eventually(() => agent.hub.expectHealthy(first), settle);
      const failing = agent.hub.assign(
        'prune',
        [...many(7), deployment('api', { image: 'registry.example/api:nope' })],
        inNamespace('prune'),
      );
      await eventually(() => agent.hub.expectStatus(failing, ({ health }) => health === 'failed'), settle);
      expect(await names('prune')).toHaveLength(8);
      const fixed = agent.hub.assign(
        'prune',
        [...many(7), deployment('api', { image: 'registry.example/api:2' })],
        inNamespace('prune'),
      );
      await eventually(() => agent.hub.expectHealthy(fixed), settle);
      await eventually(async () => expect(await names('prune')).toHaveLength(7), settle);
      const inventory = await kubectl(
        '-n',
        'fairlead-lone',
        'get',
        'configmap',
        'fairlead-inventory-prune',
        '-o',
        'jsonpath={.data.objects}',
      );
      expect(inventory).not.toContain('cm-7');
    });

    it('refuses an empty render and a mass deletion, and says what it holds', async () => {
      const first = agent.hub.assign('mass', many(12), inNamespace('mass'));
      await eventually(() => agent.hub.expectHealthy(first), settle);
      const few = agent.hub.assign('mass', many(3), inNamespace('mass'));
      await eventually(
        () =>
          agent.hub.expectStatus(few, ({ pruneHold }) => pruneHold?.reason === 'mass-prune' && pruneHold.count === 9),
        settle,
      );
      const none = agent.hub.assign('mass', [], inNamespace('mass'));
      await eventually(
        () => agent.hub.expectStatus(none, ({ pruneHold }) => pruneHold?.reason === 'empty-render'),
        settle,
      );
      expect(await names('mass')).toHaveLength(12);
    });

    it('leaves an object whose marks somebody took away', async () => {
      const first = agent.hub.assign(
        'kept',
        [configMap('stays', {}), configMap('leaves', {}), configMap('detached', {})],
        { settings: { ...inNamespace('kept').settings, driftMode: 'off' } },
      );
      await eventually(() => agent.hub.expectHealthy(first), settle);
      await tryKubectl('-n', 'kept', 'annotate', 'configmap', 'detached', 'fairlead.dev/tracking-id-');
      const next = agent.hub.assign('kept', [configMap('stays', {})], {
        settings: { ...inNamespace('kept').settings, driftMode: 'off' },
      });
      await eventually(() => agent.hub.expectHealthy(next), settle);
      await eventually(
        async () => expect((await names('kept')).sort()).toEqual(['configmap/detached', 'configmap/stays']),
        settle,
      );
    });
  });

  describe('drift', () => {
    const rate = (namespace: string) =>
      kubectl('-n', namespace, 'get', 'configmap', 'limits', '-o', 'jsonpath={.data.rate}');
    const edit = (namespace: string, value: string) =>
      tryKubectl(
        '-n',
        namespace,
        'patch',
        'configmap',
        'limits',
        '--type',
        'merge',
        '-p',
        JSON.stringify({ data: { rate: value } }),
      );

    it('is reported with field, values and manager, and put back at once', async () => {
      const assignment = agent.hub.assign('drift', [configMap('limits', { rate: '100' })], inNamespace('drift'));
      await eventually(() => agent.hub.expectHealthy(assignment), settle);
      await edit('drift', '9999');
      await eventually(
        () =>
          expect(agent.hub.drift('drift').flatMap((message) => message.closed)).toMatchObject([
            { path: '/data/rate', outcome: 'corrected' },
          ]),
        { timeoutMs: 2_000 },
      );
      expect(agent.hub.drift('drift')[0]?.opened).toMatchObject([
        {
          object: '/ConfigMap/drift/limits',
          path: '/data/rate',
          change: 'changed',
          desired: '100',
          live: '9999',
          manager: 'kubectl-patch',
          operation: 'Update',
          confidence: 'high',
        },
      ]);
      expect(await rate('drift')).toBe('100');
    });

    it('of a deleted object brings the object back', async () => {
      const assignment = agent.hub.assign('gone', [configMap('limits', { rate: '1' })], inNamespace('gone'));
      await eventually(() => agent.hub.expectHealthy(assignment), settle);
      await tryKubectl('-n', 'gone', 'delete', 'configmap', 'limits');
      await eventually(async () => expect(await rate('gone')).toBe('1'), settle);
      await eventually(
        () =>
          expect(agent.hub.drift('gone').flatMap(({ closed }) => closed)).toMatchObject([
            { path: '', outcome: 'corrected' },
          ]),
        settle,
      );
    });

    it('of a deleted namespace is waited out and put back', async () => {
      const assignment = agent.hub.assign('space', [configMap('limits', { rate: '1' })], inNamespace('space'));
      await eventually(() => agent.hub.expectHealthy(assignment), settle);
      await tryKubectl('delete', 'namespace', 'space');
      await eventually(async () => expect(await rate('space')).toBe('1'), { timeoutMs: 30_000 });
      await eventually(
        () => agent.hub.expectStatus(assignment, ({ openDrift, health }) => openDrift === 0 && health === 'healthy'),
        settle,
      );
    });

    it('is only reported in report mode, and closed when somebody puts it back', async () => {
      const assignment = agent.hub.assign('report', [configMap('limits', { rate: '1' })], {
        settings: { ...inNamespace('report').settings, driftMode: 'report' },
      });
      await eventually(() => agent.hub.expectHealthy(assignment), settle);
      await edit('report', '5');
      await eventually(() => agent.hub.expectStatus(assignment, ({ openDrift }) => openDrift === 1), settle);
      expect(await rate('report')).toBe('5');
      await edit('report', '1');
      await eventually(
        () =>
          expect(agent.hub.drift('report').flatMap(({ closed }) => closed)).toMatchObject([
            { path: '/data/rate', outcome: 'reverted' },
          ]),
        settle,
      );
    });

    it('is not what controllers and people add beside our fields', async () => {
      const assignment = agent.hub.assign('quiet', [deployment('api')], inNamespace('quiet'));
      await eventually(() => agent.hub.expectHealthy(assignment), settle);
      await tryKubectl('-n', 'quiet', 'annotate', 'deployment', 'api', 'example.dev/note=x');
      await tryKubectl('-n', 'quiet', 'rollout', 'restart', 'deployment/api');
      await tryKubectl('-n', 'quiet', 'scale', 'deployment/api', '--replicas=2');
      await eventually(
        () =>
          expect(agent.hub.drift('quiet').flatMap(({ closed }) => closed)).toMatchObject([{ path: '/spec/replicas' }]),
        settle,
      );
      const opened = agent.hub.drift('quiet').flatMap((message) => message.opened);
      const paths = (isUnmanaged: boolean) =>
        new Set(opened.filter(({ change }) => (change === 'unmanaged') === isUnmanaged).map(({ path }) => path));
      expect(paths(false)).toEqual(new Set(['/spec/replicas']));
      expect(paths(true)).toEqual(new Set(['/metadata/annotations/example.dev~1note']));
    });
  });

  describe('Secrets', () => {
    const canary = 'canary-value-7f3a';

    it('are in the clear only in the cluster', async () => {
      const assignment = agent.hub.assign('secret', [sealedSecret('token', canary)], inNamespace('secret'));
      await eventually(() => agent.hub.expectHealthy(assignment), settle);
      expect(decoded(await kubectl('-n', 'secret', 'get', 'secret', 'token', '-o', 'jsonpath={.data.value}'))).toBe(
        canary,
      );
      await tryKubectl(
        '-n',
        'secret',
        'patch',
        'secret',
        'token',
        '--type',
        'merge',
        '-p',
        JSON.stringify({ stringData: { value: 'stolen-value-91' } }),
      );
      await eventually(() => expect(agent.hub.drift('secret').flatMap(({ closed }) => closed)).toHaveLength(1), settle);
      const traces = agent.traces();
      for (const value of [canary, 'stolen-value-91', agent.hub.sealingKey.key]) {
        expect(traces).not.toContain(value);
        expect(traces).not.toContain(Buffer.from(value).toString('base64'));
      }
    });

    it('are healed by an agent that restarted while the hub was away', async () => {
      await agent.hub.goAway();
      await agent.program.kill9();
      await tryKubectl('-n', 'secret', 'delete', 'secret', 'token');
      agent.restart();
      await eventually(
        async () =>
          expect(decoded(await kubectl('-n', 'secret', 'get', 'secret', 'token', '-o', 'jsonpath={.data.value}'))).toBe(
            canary,
          ),
        settle,
      );
      const sessions = agent.hub.sessions;
      await agent.hub.comeBack();
      await agent.connected(sessions);
      await eventually(
        () =>
          expect(agent.hub.drift('secret').flatMap(({ opened }) => opened.map((item) => item.change))).toContain(
            'object-deleted',
          ),
        settle,
      );
    });
  });

  describe('through faults', () => {
    const crowd = (count: number, value: string) =>
      Array.from({ length: count }, (_, index) => configMap(`crowd-${index}`, { value }));

    it('finishes what it was killed in the middle of', async () => {
      const assignment = agent.hub.assign('crowd', crowd(300, '1'), inNamespace('crowd'));
      await eventually(
        async () =>
          expect((await kubectl('-n', 'crowd', 'get', 'configmaps', '-o', 'name')).split('\n').length).toBeGreaterThan(
            10,
          ),
        settle,
      );
      await agent.program.kill9();
      expect(agent.hub.acks('crowd').at(-1)?.phase).toBe('received');
      agent.restart();
      await eventually(() => agent.hub.expectHealthy(assignment), settle);
      expect(
        (await kubectl('-n', 'crowd', 'get', 'configmaps', '-l', 'fairlead.dev/app=crowd', '-o', 'name'))
          .trim()
          .split('\n'),
      ).toHaveLength(300);
    });

    it('sends again what the hub did not confirm', async () => {
      agent.hub.confirms = false;
      const assignment = agent.hub.assign('unheard', [configMap('unheard', {})], inNamespace('unheard'));
      await eventually(() => agent.hub.expectHealthy(assignment), settle);
      agent.hub.confirms = true;
      const said = agent.hub.messages.length;
      const sessions = agent.hub.sessions;
      agent.hub.dropSessions();
      await agent.connected(sessions);
      await eventually(
        () =>
          expect(agent.hub.messages.slice(said)).toContainEqual(
            expect.objectContaining({ type: 'status', app: 'unheard', report: expect.any(Number) }),
          ),
        settle,
      );
    });

    it('reports nothing false while the API server is away for 30 s, and goes on afterwards', async () => {
      const assignment = agent.hub.assign(
        'outage',
        [configMap('limits', { rate: '1' }), deployment('api')],
        inNamespace('outage'),
      );
      await eventually(() => agent.hub.expectHealthy(assignment), settle);
      const said = agent.hub.messages.length;
      await cluster().apiServer.stop();
      const backAt = performance.now() + 30_000;
      const next = agent.hub.assign(
        'outage',
        [configMap('limits', { rate: '2' }), deployment('api')],
        inNamespace('outage'),
      );
      await eventually(
        () => expect(agent.hub.acks('outage').at(-1)).toMatchObject({ counter: next.counter, phase: 'received' }),
        settle,
      );
      await eventually(() => expect(performance.now()).toBeGreaterThan(backAt), { timeoutMs: 40_000 });
      await cluster().apiServer.start();
      await eventually(() => agent.hub.expectHealthy(next), { timeoutMs: 60_000 });
      const bad = agent.hub.messages
        .slice(said)
        .filter(
          (message) =>
            (message.type === 'status' && /failed|degraded/.test(message.health)) ||
            (message.type === 'ack' && message.phase === 'failed'),
        );
      expect(bad.filter((message) => 'app' in message && message.app === 'outage')).toEqual([]);
    });

    it('lets exactly one of two agents work, and the other one take over', async () => {
      const twin = agent.startTwin();
      await eventually(() => expect(twin.output()).toContain('another agent works on this cluster'), settle);
      const sessions = agent.hub.sessions;
      await agent.program.kill9();
      await agent.connected(sessions);
      const assignment = agent.hub.assign('twin', [configMap('twin', {})], inNamespace('twin'));
      await eventually(() => agent.hub.expectHealthy(assignment), settle);
      await twin.stop();
      agent.restart();
      await agent.connected(sessions + 1);
    });

    it('keeps healing when its key was revoked', async () => {
      agent.hub.revoked = true;
      agent.hub.dropSessions();
      await tryKubectl('-n', 'drift', 'delete', 'configmap', 'limits');
      await eventually(
        async () =>
          expect(await kubectl('-n', 'drift', 'get', 'configmap', 'limits', '-o', 'jsonpath={.data.rate}')).toBe('100'),
        settle,
      );
    });
  });

  function sealedSecret(name: string, value: string): KubeObject {
    return {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name },
      type: 'Opaque',
      data: { value: agent.hub.seal(value) },
    };
  }
});

function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}
