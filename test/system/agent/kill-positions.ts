import type { KubeObject } from '@fairlead/manifests';
import { formatObjectId, objectId } from '@fairlead/manifests';
import { defaultTargetSettings } from '@fairlead/shared/contracts';
import { eventually } from '@fairlead/shared/test-kit';
import { configMap, definition, deployment } from '../../fixtures/kube-objects.ts';
import type { SeenRequest } from '../../harness/api-stub.ts';
import type { AgentStory } from '../../harness/agent-story.ts';

/** Where an agent is killed: at which of its writes, on which side of it, and what it finds when it starts again. */
export interface KillPosition {
  /** 1 for the first write of the release. */
  readonly write: number;
  /** `before`: the server never sees it. `after`: the server has done it, and nobody hears of it. */
  readonly side: 'before' | 'after';
  readonly state: 'kept' | 'lost';
  /** Whether a namespace is among what leaves: the cluster alone takes seconds to end one. */
  readonly namespaceLeaves: boolean;
}

const converge = { timeoutMs: 120_000 };

/** One app in places of its own: a release of thirty objects, and the one before it with other objects. */
class KilledRelease {
  readonly story: AgentStory;
  readonly app: string;
  readonly namespace: string;
  readonly #group: string;
  readonly #namespaceLeaves: boolean;

  constructor(story: AgentStory, app: string, namespaceLeaves: boolean) {
    this.#namespaceLeaves = namespaceLeaves;
    this.story = story;
    this.app = app;
    this.namespace = story.namespace(app);
    this.#group = `${app}.${story.prefix}.example`;
  }

  before(): KubeObject[] {
    return [...this.#common('1'), ...this.#leaving()];
  }

  after(): KubeObject[] {
    return [...this.#common('2'), ...this.#coming()];
  }

  keys(objects: readonly KubeObject[]): string[] {
    return objects
      .map(objectId)
      .map((id) => formatObjectId(isClusterWide(id.kind) ? id : { ...id, namespace: id.namespace || this.namespace }))
      .sort();
  }

  /** Everything in the cluster that says it is of this app. */
  async marked(): Promise<string[]> {
    const selector = `?labelSelector=${encodeURIComponent(`fairlead.dev/app=${this.app}`)}`;
    const found: string[] = [];
    const kinds: readonly [string, string, string][] = [
      ['', 'Namespace', '/api/v1/namespaces'],
      ['', 'ConfigMap', '/api/v1/configmaps'],
      ['', 'Secret', '/api/v1/secrets'],
      ['', 'Service', '/api/v1/services'],
      ['apps', 'Deployment', '/apis/apps/v1/deployments'],
      ['apiextensions.k8s.io', 'CustomResourceDefinition', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'],
      [`stay.${this.#group}`, 'Stay', `/apis/stay.${this.#group}/v1/stays`],
      [`leave.${this.#group}`, 'Leave', `/apis/leave.${this.#group}/v1/leaves`],
    ];
    for (const [group, kind, path] of kinds) {
      const names = await this.story.kube.names(path + selector);
      found.push(...names.map((name) => `${group}/${kind}/${name}`));
    }
    // What earlier runs left in the cluster is of another agent.
    return found.filter((key) => key.includes(this.story.prefix)).sort();
  }

  #common(version: string): KubeObject[] {
    return [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: this.namespace } },
      definition(`stay.${this.#group}`, 'Stay'),
      this.#custom('Stay', 'stay-0'),
      ...range(10).map((index) => configMap(`config-${index}`, { version: index < 5 ? version : 'same' })),
      ...range(4).map((index) => secret(`secret-${index}`)),
      ...range(2).map((index) => deployment(`api-${index}`, { image: `registry.example/api:${version}` })),
      ...range(3).map((index) => service(`svc-${index}`)),
    ];
  }

  #coming(): KubeObject[] {
    return [
      ...range(4).map((index) => configMap(`new-${index}`, {})),
      secret('new'),
      deployment('new'),
      service('new'),
    ];
  }

  #leaving(): KubeObject[] {
    const extra = `${this.namespace}-old`;
    return [
      definition(`leave.${this.#group}`, 'Leave'),
      this.#custom('Leave', 'old-0'),
      ...(this.#namespaceLeaves
        ? [
            { apiVersion: 'v1', kind: 'Namespace', metadata: { name: extra } },
            { ...configMap('inside', {}), metadata: { name: 'inside', namespace: extra } },
          ]
        : []),
      ...range(3).map((index) => configMap(`old-${index}`, {})),
      secret('old'),
      deployment('old'),
      service('old'),
    ];
  }

  #custom(kind: string, name: string): KubeObject {
    return { apiVersion: `${kind.toLowerCase()}.${this.#group}/v1`, kind, metadata: { name }, spec: {} };
  }
}

const settings = {
  prune: { ...defaultTargetSettings.prune, confirm: [], maxDeletes: '100%' },
} as const;

/** Installs the first release, and counts the writes of the second when nobody interferes. */
export async function countWrites(story: AgentStory, namespaceLeaves: boolean): Promise<number> {
  const release = new KilledRelease(story, 'count', namespaceLeaves);
  await install(release);
  story.stub.forget();
  await upgrade(release);
  const writes = story.stub.writes().filter(isOf(release)).length;
  await cleanUp(release);
  return writes;
}

/** Kills the agent at one position of the second release, starts it again, and expects what an undisturbed run leaves. */
export async function killAt(story: AgentStory, position: KillPosition): Promise<void> {
  const release = new KilledRelease(
    story,
    `kill-${position.write}-${position.side}-${position.state}`,
    position.namespaceLeaves,
  );
  const { foreign } = await install(release);
  let seen = 0;
  const stop = story.stub.on((request) => {
    if (!isWrite(request) || !isOf(release)(request)) return null;
    seen += 1;
    if (seen !== position.write) return null;
    if (position.side === 'after') return { kind: 'after', run: () => story.agent.program.kill9() };
    void story.agent.program.kill9();
    return { kind: 'hang' };
  });
  const assignment = story.hub.assign(release.app, release.after(), { settings: { ...place(release) } });
  await eventually(() => expect(story.agent.program.isRunning()).toBe(false), converge);
  stop();
  if (position.state === 'lost') story.agent.loseState();
  story.agent.restart();
  await eventually(() => story.hub.expectHealthy(assignment), converge);
  await expectDone(release);
  expect(await story.kube.get(foreign.path)).toEqual(foreign.object);
  await cleanUp(release);
}

async function install(release: KilledRelease) {
  const { story, app } = release;
  const first = story.hub.assign(app, release.before(), { settings: { ...place(release) } });
  await eventually(() => story.hub.expectHealthy(first), converge);
  const collection = `/api/v1/namespaces/${release.namespace}/configmaps`;
  await story.kube.create(collection, configMap('foreign', { of: 'somebody' }));
  const path = `${collection}/foreign`;
  return { foreign: { path, object: await story.kube.get(path) } };
}

async function upgrade(release: KilledRelease): Promise<void> {
  const next = release.story.hub.assign(release.app, release.after(), { settings: { ...place(release) } });
  await eventually(() => release.story.hub.expectHealthy(next), converge);
  await expectDone(release);
}

/** Exactly the objects of the second release are there, and the inventory lists exactly those. */
async function expectDone(release: KilledRelease): Promise<void> {
  const wanted = release.keys(release.after());
  const said = () => release.story.hub.statuses(release.app).at(-1)?.notices ?? [];
  await eventually(async () => {
    expect({ marked: await release.marked(), notices: said() }).toEqual({ marked: wanted, notices: [] });
    expect(await release.story.inventory(release.app)).toEqual(wanted);
  }, converge);
  for (const name of ['config-0', 'config-9']) {
    const object = await release.story.kube.get(release.story.configMap(release.app, name));
    expect(object).toMatchObject({ data: { version: name === 'config-0' ? '2' : 'same' } });
  }
}

/** The app is let go, so that thousands of objects do not slow down the positions that follow. */
async function cleanUp({ story, app, namespace }: KilledRelease): Promise<void> {
  const deletion = {
    intentId: 1,
    objectSetHash: await story.setHash(app),
    policy: 'delete' as const,
    timeoutMs: 60_000,
  };
  const gone = story.hub.assign(app, [], {
    mode: 'delete',
    deletion,
    settings: { prune: { ...settings.prune, confirm: [], cascade: true }, namespace },
  });
  await eventually(
    () => expect(story.hub.acks(app).findLast(({ counter }) => counter === gone.counter)?.phase).toBe('deleted'),
    converge,
  );
}

function place({ namespace }: KilledRelease) {
  return { namespace, prune: { ...settings.prune, confirm: [] } };
}

function isOf({ app, namespace, story }: KilledRelease): (request: SeenRequest) => boolean {
  return ({ url }) =>
    url.includes(`/namespaces/${namespace}`) ||
    url.includes(`inventory-${app}?`) ||
    url.includes(`${app}.${story.prefix}`);
}

function isWrite({ method, url }: SeenRequest): boolean {
  return method !== 'GET' && !url.includes('dryRun=All') && !url.includes('/leases');
}

function isClusterWide(kind: string): boolean {
  return kind === 'Namespace' || kind === 'CustomResourceDefinition';
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function secret(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name }, type: 'Opaque', data: {} };
}

function service(name: string): KubeObject {
  const spec = { selector: { app: name }, ports: [{ port: 80, protocol: 'TCP' }] };
  return { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec };
}
