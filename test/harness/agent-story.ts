import type { KubeObject } from '@fairlead/manifests';
import { pruneSetHash, parseObjectId } from '@fairlead/manifests';
import type { Assignment, StatusMessage, TargetSettings } from '@fairlead/shared/contracts';
import { eventually } from '@fairlead/shared/test-kit';
import type { BedCluster } from '../bed/bed.ts';
import { ApiStub } from './api-stub.ts';
import { useBed } from './bed.ts';
import type { AssignOverrides } from './fake-hub.ts';
import { LoneAgent } from './lone-agent.ts';
import { RawKube } from './raw-kube.ts';

export const settle = { timeoutMs: 15_000 };

/** One agent behind a switchboard, and what stories about its objects need. Names are new with every run. */
export class AgentStory {
  readonly stub: ApiStub;
  readonly agent: LoneAgent;
  readonly kube: RawKube;
  readonly cluster: BedCluster;
  /** Put before every name that is not in a namespace of the story. */
  readonly prefix: string;
  readonly agentNamespace: string;

  private constructor(parts: { stub: ApiStub; agent: LoneAgent; cluster: BedCluster; prefix: string }) {
    this.stub = parts.stub;
    this.agent = parts.agent;
    this.cluster = parts.cluster;
    this.prefix = parts.prefix;
    this.agentNamespace = `${parts.prefix}-agent`;
    this.kube = new RawKube(parts.cluster);
  }

  static async start(cluster: BedCluster, name: string): Promise<AgentStory> {
    const prefix = `${name}-${Date.now().toString(36)}`;
    const stub = await ApiStub.start(cluster);
    const kubeconfig = stub.kubeconfig(cluster.token);
    const agent = await LoneAgent.start(cluster, `${prefix}-agent`, { kubeconfig });
    return new AgentStory({ stub, agent, cluster, prefix });
  }

  get hub() {
    return this.agent.hub;
  }

  namespace(app: string): string {
    return `${this.prefix}-${app}`;
  }

  /** Assigns objects to the app, in its own namespace. */
  assign(
    app: string,
    objects: readonly KubeObject[],
    { settings, ...overrides }: AssignOverrides & { settings?: Partial<TargetSettings> } = {},
  ): Assignment {
    return this.hub.assign(app, objects, {
      ...overrides,
      settings: { namespace: this.namespace(app), createNamespace: true, ...settings },
    });
  }

  /** Assigns and waits until the app is healthy on it. */
  async release(app: string, objects: readonly KubeObject[], overrides: AssignOverrides = {}): Promise<Assignment> {
    const assignment = this.assign(app, objects, overrides);
    await this.healthy(assignment);
    return assignment;
  }

  healthy(assignment: Assignment): Promise<StatusMessage> {
    return eventually(() => this.hub.expectHealthy(assignment), settle);
  }

  /** Waits for a notice about an object of the assignment. */
  async notice(assignment: Assignment, key: string, reason = 'Kept'): Promise<string> {
    return eventually(() => {
      const status = this.hub.expectStatus(assignment, () => true);
      const notice = status.notices.find((each) => each.object === key && each.reason === reason);
      if (notice === undefined) throw new Error(`notices are ${JSON.stringify(status.notices)}`);
      return notice.message;
    }, settle);
  }

  /** Path of a ConfigMap in the namespace of an app. */
  configMap(app: string, name: string): string {
    return `/api/v1/namespaces/${this.namespace(app)}/configmaps/${name}`;
  }

  inventoryPath(app: string): string {
    return `/api/v1/namespaces/${this.agentNamespace}/configmaps/fairlead-inventory-${app}`;
  }

  /** Keys that the stored inventory lists, null when there is none. */
  async inventory(app: string): Promise<string[] | null> {
    const object = (await this.kube.get(this.inventoryPath(app))) as { data?: { objects?: string } } | null;
    if (object === null) return null;
    const lines = (object.data?.objects ?? '').split('\n').filter((line) => line !== '');
    return lines.map((line) => line.split(' ')[0] ?? '');
  }

  /** Waits until the inventory lists exactly these keys, and is settled. */
  async listed(app: string, keys: readonly string[]): Promise<void> {
    await eventually(async () => expect(await this.inventory(app)).toEqual([...keys].sort()), settle);
  }

  /** Hash of the stored inventory, as a person approves its deletion. */
  async setHash(app: string): Promise<string> {
    return pruneSetHash(((await this.inventory(app)) ?? []).map(parseObjectId));
  }

  /** Waits until nothing is at the path. */
  async gone(path: string): Promise<void> {
    await eventually(async () => expect(await this.kube.get(path)).toBeNull(), settle);
  }

  async stop(): Promise<void> {
    await this.agent.stop();
    await this.stub.close();
    this.kube.close();
  }
}

/** A story for all tests of one file. */
export function useStory(name: string): () => AgentStory {
  const clusters = useBed(1);
  let story: AgentStory | undefined;
  beforeAll(async () => {
    const [cluster] = clusters();
    if (cluster === undefined) throw new Error('no cluster');
    story = await AgentStory.start(cluster, name);
  }, 60_000);
  afterAll(async () => {
    await story?.stop();
  });
  return () => {
    if (story === undefined) throw new Error('the agent of this file was not started');
    return story;
  };
}
