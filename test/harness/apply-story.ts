import {
  defaultTargetSettings,
  type AckMessage,
  type ApplySettings,
  type Assignment,
  type StatusMessage,
  type TargetSettings,
} from '@fairlead/shared/contracts';
import { fieldAt, type JsonObject, type KubeObject, parseExactJson } from '@fairlead/manifests';
import { eventually } from '@fairlead/shared/test-kit';
import type { BedCluster } from '../bed/bed.ts';
import { ApiStub } from './api-stub.ts';
import { useBed } from './bed.ts';
import type { AssignOverrides } from './fake-hub.ts';
import { LoneAgent } from './lone-agent.ts';

const settle = { timeoutMs: 20_000 };

export interface StoryOverrides extends AssignOverrides {
  /** What differs from the defaults. */
  readonly apply?: Partial<ApplySettings>;
}

/** One agent behind a switchboard on a shared cluster, with short words for what the stories of an agent are made of. */
export class ApplyStory {
  readonly cluster: BedCluster;
  readonly agent: LoneAgent;
  /** Everything the agent says to the API server goes through here. */
  readonly stub: ApiStub;
  /** Default namespace of every assignment. */
  readonly namespace: string;

  private constructor(parts: { cluster: BedCluster; agent: LoneAgent; stub: ApiStub; namespace: string }) {
    this.cluster = parts.cluster;
    this.agent = parts.agent;
    this.stub = parts.stub;
    this.namespace = parts.namespace;
  }

  static async start(cluster: BedCluster, prefix: string, env: NodeJS.ProcessEnv = {}): Promise<ApplyStory> {
    const name = `${prefix}-${Date.now().toString(36)}`;
    const stub = await ApiStub.start(cluster);
    const agent = await LoneAgent.start(cluster, `${name}-agent`, { kubeconfig: stub.kubeconfig(cluster.token), env });
    const story = new ApplyStory({ cluster, agent, stub, namespace: name });
    await story.kubectl(['create', 'namespace', name]);
    return story;
  }

  /** What kubectl prints; fails when kubectl does. */
  async kubectl(args: readonly string[], input?: unknown): Promise<string> {
    const { code, stdout, stderr } = await this.tryKubectl(args, input);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  tryKubectl(args: readonly string[], input?: unknown) {
    const text = typeof input === 'string' ? input : JSON.stringify(input);
    return this.cluster.kubectl(['-n', this.namespace, ...args], input === undefined ? {} : { input: text });
  }

  /** The live object, with managed fields; `kind/name`. */
  async live(object: string): Promise<KubeObject> {
    return parseExactJson(await this.kubectl(['get', object, '-o', 'json', '--show-managed-fields'])) as KubeObject;
  }

  /** A field of the live object. */
  async at(object: string, path: string) {
    return fieldAt(await this.live(object), path.split('.'));
  }

  /** Who holds fields of the live object, as `manager Operation`, sorted. */
  async managers(object: string): Promise<string[]> {
    const entries = (await this.live(object)).metadata['managedFields'] as JsonObject[];
    return entries.map((entry) => `${String(entry['manager'])} ${String(entry['operation'])}`).sort();
  }

  /** Writes an object the way a person with kubectl does, before or beside the agent. */
  byHand(object: KubeObject, ...flags: string[]): Promise<string> {
    return this.kubectl(['apply', ...flags, '-f', '-'], object);
  }

  /** Writes an object by server-side apply under the name of another manager, over everybody. */
  appliedBy(manager: string, object: KubeObject): Promise<string> {
    return this.byHand(object, '--server-side', `--field-manager=${manager}`, '--force-conflicts');
  }

  /** Changes an object as a person, or as some controller. */
  patch(object: string, change: unknown, ...flags: string[]): Promise<string> {
    return this.kubectl(['patch', object, '--type=merge', '-p', JSON.stringify(change), ...flags]);
  }

  assign(app: string, objects: readonly KubeObject[], { apply, settings, ...rest }: StoryOverrides = {}): Assignment {
    const defaults: Partial<TargetSettings> = {
      namespace: this.namespace,
      apply: { ...defaultTargetSettings.apply, ...apply },
    };
    return this.agent.hub.assign(app, objects, { ...rest, settings: { ...defaults, ...settings } });
  }

  /** Assigns and waits until the app is applied and healthy. */
  async applied(app: string, objects: readonly KubeObject[], overrides: StoryOverrides = {}): Promise<StatusMessage> {
    return this.healthy(this.assign(app, objects, overrides));
  }

  healthy(assignment: Assignment): Promise<StatusMessage> {
    return eventually(() => {
      const ack = this.ackOf(assignment);
      if (ack?.phase === 'failed') throw new Error(`failed: ${JSON.stringify(ack.failures)}`);
      return this.agent.hub.expectHealthy(assignment);
    }, settle);
  }

  /** Assigns and waits until the agent says what it could not apply. */
  async refused(app: string, objects: readonly KubeObject[], overrides: StoryOverrides = {}): Promise<AckMessage> {
    const assignment = this.assign(app, objects, overrides);
    return eventually(() => {
      const ack = this.ackOf(assignment);
      if (ack?.phase !== 'failed') throw new Error(`ack is ${JSON.stringify(ack)}`);
      return ack;
    }, settle);
  }

  /** Requests that wrote (or asked whether they could) this object; `plural/name`. */
  requestsFor(object: string) {
    return this.stub.requests.filter(({ method, url }) => method !== 'GET' && url.includes(`/${object}?`));
  }

  inventory(app: string): Promise<string> {
    const name = `configmap/fairlead-inventory-${app}`;
    return this.kubectl(['-n', `${this.namespace}-agent`, 'get', name, '-o', 'jsonpath={.data.objects}']);
  }

  async stop(): Promise<void> {
    await this.agent.stop();
    await this.stub.close();
  }

  ackOf({ app, counter }: Assignment): AckMessage | undefined {
    return this.agent.hub.acks(app).findLast((ack) => ack.counter === counter);
  }
}

/** The agent of a test file; its namespaces begin with `name` and are new with every run. */
export function useApplyStory(name: string, env: NodeJS.ProcessEnv = {}): () => ApplyStory {
  const clusters = useBed(1);
  let story: ApplyStory | undefined;
  beforeAll(async () => {
    const [cluster] = clusters();
    if (cluster === undefined) throw new Error('no cluster');
    story = await ApplyStory.start(cluster, name, env);
  }, 60_000);
  afterAll(async () => {
    await story?.stop();
  });
  return () => {
    if (story === undefined) throw new Error('the agent of this file was not started');
    return story;
  };
}
