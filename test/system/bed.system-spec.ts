import { eventually } from '@fairlead/shared/test-kit';
import { fateAnnotation } from '../bed/bed.ts';
import { useBed, usePrivateBed } from '../harness/bed.ts';

const namespace = 'bed-fates';

interface PodList {
  items: {
    status: {
      phase: string;
      containerStatuses?: { ready: boolean; state: { waiting?: { reason: string; message?: string } } }[];
    };
  }[];
}

describe('Pods of the test bed', () => {
  const bed = useBed(1);
  const cluster = () => bed()[0]!;

  beforeAll(async () => {
    await cluster().kubectl(['create', 'namespace', namespace]);
  });

  afterAll(async () => {
    await cluster().kubectl(['delete', 'namespace', namespace, '--wait=false']);
  });

  async function apply(...objects: object[]): Promise<void> {
    const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
    const { code, stderr } = await cluster().kubectl(['-n', namespace, 'apply', '-f', '-'], { input });
    if (code !== 0) throw new Error(stderr);
  }

  async function read<T>(...args: string[]): Promise<T> {
    const { stdout } = await cluster().kubectl(['-n', namespace, 'get', '-o', 'json', ...args]);
    return JSON.parse(stdout) as T;
  }

  const podsOf = async (app: string) => (await read<PodList>('pods', '-l', `app=${app}`)).items;
  const waitingOf = async (app: string) => (await podsOf(app))[0]?.status.containerStatuses?.[0]?.state.waiting;
  const readyReplicas = async (app: string) =>
    (await read<{ status: { readyReplicas?: number } }>('deployment', app)).status.readyReplicas ?? 0;

  it('run when nothing else is asked of them', async () => {
    await apply(deployment('good', 'registry.example/orders:1.4'));
    await eventually(async () => expect(await readyReplicas('good')).toBe(2));
    expect((await cluster().kubectl(['-n', namespace, 'logs', 'deployment/good'])).stdout).toContain('test bed');
  });

  it('cannot pull an image tagged "nope"', async () => {
    await apply(deployment('nope', 'registry.example/orders:nope'));
    await eventually(async () => expect((await waitingOf('nope'))?.reason).toBe('ImagePullBackOff'));
    expect((await waitingOf('nope'))?.message).toContain('registry.example/orders:nope');
    const { status } = await read<{ status: { unavailableReplicas: number } }>('deployment', 'nope');
    expect(status.unavailableReplicas).toBe(2);
  });

  it('crash-loop with an image tagged "crash"', async () => {
    await apply(deployment('crash', 'registry.example/orders:crash'));
    await eventually(async () => expect((await waitingOf('crash'))?.reason).toBe('CrashLoopBackOff'));
    expect(await readyReplicas('crash')).toBe(0);
  });

  it('crash-loop after they were healthy with an image tagged "crash-later"', async () => {
    await apply(deployment('later', 'registry.example/orders:crash-later'));
    await eventually(async () => expect(await readyReplicas('later')).toBe(2));
    await eventually(async () => expect((await waitingOf('later'))?.reason).toBe('CrashLoopBackOff'));
    await eventually(async () => expect(await readyReplicas('later')).toBe(0));
  });

  it('stay Pending, and do not become Ready, as their annotation says', async () => {
    await apply(deployment('pending', 'orders:1', 'pending'), deployment('not-ready', 'orders:1', 'not-ready'));
    await eventually(async () => expect((await waitingOf('pending'))?.reason).toBe('ContainerCreating'));
    await eventually(async () => expect((await podsOf('not-ready'))[0]?.status.phase).toBe('Running'));
    // A later Deployment that is Ready shows that these had their chance.
    await apply(deployment('witness', 'orders:1'));
    await eventually(async () => expect(await readyReplicas('witness')).toBe(2));
    expect([await readyReplicas('pending'), await readyReplicas('not-ready')]).toEqual([0, 0]);
    expect((await podsOf('pending')).map((pod) => pod.status.phase)).toEqual(['Pending', 'Pending']);
  });

  it('of Jobs complete, or fail with an image tagged "crash"', async () => {
    await apply(job('done', 'migrate:1'), job('broken', 'migrate:crash'));
    const conditions = async (name: string) =>
      (await read<{ status: { conditions?: { type: string }[] } }>('job', name)).status.conditions?.map(
        ({ type }) => type,
      );
    await eventually(async () => expect(await conditions('done')).toContain('Complete'));
    await eventually(async () => expect(await conditions('broken')).toContain('Failed'));
  });

  it('get the volumes they claim', async () => {
    await apply({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'store' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    });
    await eventually(async () => {
      expect((await read<{ status: { phase: string } }>('pvc', 'store')).status.phase).toBe('Bound');
    });
  });
});

describe('the API server of a private cluster', () => {
  const bed = usePrivateBed(1);

  it('goes away and comes back on its port with what was stored, and Pods become Ready again after that', async () => {
    const [cluster] = bed();
    if (!cluster) throw new Error('no cluster');
    await cluster.kubectl(['create', 'configmap', 'kept']);
    for (const end of [cluster.apiServer.kill, cluster.apiServer.stop]) {
      await end();
      expect((await cluster.kubectl(['get', 'configmap', 'kept'])).code).not.toBe(0);
      await cluster.apiServer.start();
      expect((await cluster.kubectl(['get', 'configmap', 'kept'])).code).toBe(0);
    }
    await cluster.kubectl(['create', 'deployment', 'after', '--image=orders:1']);
    const wait = ['wait', '--for=condition=Available', 'deployment/after', '--timeout=60s'];
    expect(await cluster.kubectl(wait)).toMatchObject({ code: 0 });
  });

  it('answers nothing while frozen', async () => {
    const [cluster] = bed();
    cluster?.apiServer.pause();
    expect((await cluster?.kubectl(['get', 'namespaces', '--request-timeout=500ms']))?.code).not.toBe(0);
    cluster?.apiServer.resume();
    expect((await cluster?.kubectl(['get', 'namespaces', '--request-timeout=20s']))?.code).toBe(0);
  });
});

function deployment(name: string, image: string, fate?: string): object {
  const annotations = fate === undefined ? {} : { [fateAnnotation]: fate };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name }, annotations },
        spec: { containers: [{ name: 'app', image }] },
      },
    },
  };
}

function job(name: string, image: string): object {
  const pod = { restartPolicy: 'Never', containers: [{ name: 'app', image }] };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: { backoffLimit: 0, template: { spec: pod } },
  };
}
