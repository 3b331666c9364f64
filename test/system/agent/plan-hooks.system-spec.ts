import type { KubeObject } from '@fairlead/manifests';
import type { Assignment } from '@fairlead/shared/contracts';
import { eventually } from '@fairlead/shared/test-kit';
import { configMap, deployment } from '../../fixtures/kube-objects.ts';
import type { SeenRequest } from '../../harness/api-stub.ts';
import { useStubbedAgent } from '../../harness/stubbed-agent.ts';

const run = Date.now().toString(36);
const agentNamespace = `plan-hooks-${run}`;
const settle = { timeoutMs: 20_000 };

describe('hooks', () => {
  const on = useStubbedAgent(agentNamespace);

  const namespaceOf = (app: string) => `${app}-${run}`;
  const kubectl = async (...args: string[]) => (await on.cluster.kubectl(args)).stdout;
  const jobOf = (app: string, name: string, path = '{.metadata.name}') =>
    kubectl('-n', namespaceOf(app), 'get', 'job', name, '--ignore-not-found', '-o', `jsonpath=${path}`);
  const assign = (app: string, objects: readonly KubeObject[]) =>
    on.agent.hub.assign(app, objects, { settings: { namespace: namespaceOf(app), createNamespace: true } });
  const healthy = (assignment: Assignment) => eventually(() => on.agent.hub.expectHealthy(assignment), settle);
  const acksOf = ({ app, counter }: Assignment) => on.agent.hub.acks(app).filter((ack) => ack.counter === counter);
  const failed = (assignment: Assignment) =>
    eventually(() => {
      const ack = acksOf(assignment).at(-1);
      if (ack?.phase !== 'failed') throw new Error(`ack is ${JSON.stringify(ack)}`);
      return ack;
    }, settle);
  const hook = (name: string, annotations: Record<string, string>, image = 'registry.example/job:1'): KubeObject => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, annotations },
    spec: {
      backoffLimit: 0,
      template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image }] } },
    },
  });
  const says = (phase: string, deletion?: string) => ({
    'fairlead.dev/hook': phase,
    ...(deletion === undefined ? {} : { 'fairlead.dev/hook-delete': deletion }),
  });
  /** Ends the Pod of a Job, whatever the nodes say of it meanwhile; the controller of Jobs then ends that. */
  const end = async (app: string, name: string, how: 'Succeeded' | 'Failed') => {
    const inPlace = ['-n', namespaceOf(app)];
    const patch = ['--subresource=status', '--type=merge', '-p', JSON.stringify({ status: { phase: how } })];
    let wasThere = false;
    await eventually(async () => {
      const pods = await kubectl(...inPlace, 'get', 'pods', '-l', `job-name=${name}`, '-o', 'name');
      // A hook may be deleted as soon as it has ended.
      if (pods === '' && wasThere) return;
      for (const pod of pods.split('\n').filter((line) => line !== '')) {
        await on.cluster.kubectl([...inPlace, 'patch', pod, ...patch]).catch(() => undefined);
        wasThere = true;
      }
      const ended = await jobOf(app, name, '{.status.conditions[*].type}');
      if (!/Complete|Failed/.test(ended)) throw new Error(`${name} has not ended: ${ended}`);
    }, settle);
  };
  const writesOf = (name: string) => (request: SeenRequest) =>
    request.method === 'PATCH' && new RegExp(`/${name}\\?`).test(request.url);
  const countOf = (name: string) => on.stub.writes().filter(writesOf(name)).length;
  const inventoryOf = (app: string) =>
    kubectl('-n', agentNamespace, 'get', 'configmap', `fairlead-inventory-${app}`, '-o', 'jsonpath={.data.objects}');

  // A Job that nobody ends stays as it is.
  const held = 'registry.example/job:pending';

  it('that come before run to their end before anything else is written, once per digest', async () => {
    const objects = (v: string) => [
      hook('migrate', says('before'), held),
      hook('prepare', { 'argocd.argoproj.io/hook': 'PreSync', 'argocd.argoproj.io/sync-wave': '-1' }, held),
      configMap('before-app', { v }),
    ];
    const first = assign('hook-before', objects('1'));
    await eventually(async () => expect(await jobOf('hook-before', 'prepare')).toBe('prepare'), settle);
    expect(await jobOf('hook-before', 'migrate')).toBe('');
    await end('hook-before', 'prepare', 'Succeeded');
    await eventually(async () => expect(await jobOf('hook-before', 'migrate')).toBe('migrate'), settle);
    expect(countOf('before-app')).toBe(0);
    expect(await jobOf('hook-before', 'migrate', '{.metadata.labels.fairlead\\.dev/app}')).toBe('hook-before');
    expect(await inventoryOf('hook-before')).toContain('batch/Job');
    await eventually(
      () => on.agent.hub.expectStatus(first, ({ failing }) => failing.some(({ reason }) => reason === 'HookRunning')),
      settle,
    );
    await end('hook-before', 'migrate', 'Succeeded');
    const { counts } = await healthy(first);
    expect(counts.objects).toBe(1);

    const uid = await jobOf('hook-before', 'migrate', '{.metadata.uid}');
    await healthy(assign('hook-before', objects('1')));
    expect(await jobOf('hook-before', 'migrate', '{.metadata.uid}')).toBe(uid);

    const third = assign('hook-before', objects('2'));
    await eventually(
      async () => expect(await jobOf('hook-before', 'prepare', '{.status.conditions}')).toBe(''),
      settle,
    );
    await end('hook-before', 'prepare', 'Succeeded');
    await eventually(async () => {
      const now = await jobOf('hook-before', 'migrate', '{.metadata.uid}');
      expect(now === uid || now === '').toBe(false);
    }, settle);
    await end('hook-before', 'migrate', 'Succeeded');
    await healthy(third);
  });

  it('that fail stop the release, and run again when it is asked for once more', async () => {
    const objects = [hook('broken', says('before'), held), configMap('stopped-app', {})];
    const first = assign('hook-failed', objects);
    await end('hook-failed', 'broken', 'Failed');
    expect(await failed(first)).toMatchObject({
      permanent: true,
      failures: [{ object: `batch/Job/${namespaceOf('hook-failed')}/broken`, reason: 'HookFailed' }],
    });
    expect(countOf('stopped-app')).toBe(0);
    const again = assign('hook-failed', objects);
    await eventually(async () => expect(await jobOf('hook-failed', 'broken', '{.status.conditions}')).toBe(''), settle);
    await end('hook-failed', 'broken', 'Succeeded');
    await healthy(again);
    expect(countOf('stopped-app')).toBe(1);
  });

  it('do not run again because the agent was restarted', async () => {
    const assignment = assign('hook-restart', [hook('once', says('before'), held), configMap('restart-app', {})]);
    await eventually(async () => expect(await jobOf('hook-restart', 'once')).toBe('once'), settle);
    const uid = await jobOf('hook-restart', 'once', '{.metadata.uid}');
    const { sessions } = on.agent.hub;
    await on.agent.program.stop();
    on.agent.restart();
    await on.agent.connected(sessions);
    await end('hook-restart', 'once', 'Succeeded');
    await healthy(assignment);
    expect(await jobOf('hook-restart', 'once', '{.metadata.uid}')).toBe(uid);
    expect(countOf('once')).toBe(1);
  });

  it('that come after run when the app is healthy, which it is called only when they are done', async () => {
    const assignment = assign('hook-after', [hook('smoke', says('after', 'succeeded'), held), deployment('after-app')]);
    let readyAtHook = '';
    on.stub.once(writesOf('smoke'), {
      kind: 'before',
      run: async () => {
        readyAtHook = await kubectl(
          ...[
            '-n',
            namespaceOf('hook-after'),
            'get',
            'deployment',
            'after-app',
            '-o',
            'jsonpath={.status.readyReplicas}',
          ],
        );
      },
    });
    await eventually(async () => expect(await jobOf('hook-after', 'smoke')).toBe('smoke'), settle);
    expect(readyAtHook).toBe('1');
    expect(acksOf(assignment).at(-1)?.phase).toBe('applied');
    on.agent.hub.expectStatus(assignment, ({ health }) => health === 'progressing');
    await end('hook-after', 'smoke', 'Succeeded');
    await healthy(assignment);
    await eventually(async () => expect(await jobOf('hook-after', 'smoke')).toBe(''), settle);
    await eventually(async () => expect(await inventoryOf('hook-after')).not.toContain('batch/Job'), settle);
  });

  it('[case 50] for failures run when the release failed, and only then', async () => {
    const objects = (main: KubeObject) => [
      main,
      hook('rescue', { 'argocd.argoproj.io/hook': 'SyncFail' }, held),
      hook('smoke', says('after'), held),
    ];
    const broken = { ...deployment('fail-app'), spec: { ...deployment('fail-app').spec, replicsa: 1 } };
    await failed(assign('hook-rescue', objects(broken)));
    await eventually(async () => expect(await jobOf('hook-rescue', 'rescue')).toBe('rescue'), settle);
    expect(await jobOf('hook-rescue', 'smoke')).toBe('');
    await end('hook-rescue', 'rescue', 'Succeeded');
    const fixed = assign('hook-rescue', objects(deployment('fail-app')));
    await end('hook-rescue', 'smoke', 'Succeeded');
    await healthy(fixed);
    expect(countOf('rescue')).toBe(1);
  });

  it('are not watched for drift, and go like any object when they leave the app', async () => {
    const objects = [hook('seed', says('before'), held), configMap('leave-app', {})];
    const first = assign('hook-leave', objects);
    await end('hook-leave', 'seed', 'Succeeded');
    await healthy(first);
    await kubectl('-n', namespaceOf('hook-leave'), 'label', 'job', 'seed', 'fairlead.dev/app=other', '--overwrite');
    await kubectl(
      '-n',
      namespaceOf('hook-leave'),
      'label',
      'job',
      'seed',
      'fairlead.dev/app=hook-leave',
      '--overwrite',
    );
    const next = assign('hook-leave', [configMap('leave-app', { v: '2' }), configMap('leave-more', {})]);
    await healthy(next);
    await eventually(async () => expect(await jobOf('hook-leave', 'seed')).toBe(''), settle);
    expect(on.agent.hub.drift('hook-leave')).toEqual([]);
  });
});
