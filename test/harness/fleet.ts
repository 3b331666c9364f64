import { randomBytes } from 'node:crypto';
import { Cluster, Group, pageOf, Rollout, RolloutTarget, Source, Target } from '@fairlead/shared/contracts';
import { eventually } from '@fairlead/shared/test-kit';
import { startAgent, type AgentProcess } from './agent.ts';
import { connectApi, type Api } from './api.ts';
import { useBed } from './bed.ts';
import { createRepository, type TestRepository } from './git-server.ts';
import { startHub, type HubProcess } from './hub.ts';
import { callWebhook } from './webhook.ts';
import { startLink, type Link } from './link.ts';
import type { BedCluster } from '../bed/bed.ts';

const webhookSecret = 'a shared secret for tests';

export interface FleetOptions {
  /** Cluster name -> labels; the n-th uses the n-th cluster of the bed. */
  clusters: Record<string, Record<string, string>>;
  /** Asked when the fleet starts. */
  redisUrl?: () => string;
  /** Environment of the hub; a function is asked when the fleet starts. */
  env?: Record<string, string> | (() => Promise<Record<string, string>>);
  /** Agents reach the hub through links that a test can cut. */
  links?: boolean;
}

export interface Fleet {
  readonly hub: HubProcess;
  readonly api: Api;
  readonly repository: TestRepository;
  readonly prefix: string;
  readonly agents: Record<string, AgentProcess>;
  readonly links: Record<string, Link>;
  cluster(name: string): BedCluster;
  /** Tells the hub that there is something new, signed as a Git host's webhook would. */
  notify(): Promise<void>;
  /** Commits and notifies. Returns the commit id. */
  push(files: Record<string, string | null>, message: string): Promise<string>;
  /** The newest rollout of the group, waited for until `accept` holds. */
  rollout(accept: (rollout: Rollout) => boolean, options?: { group?: string; timeoutMs?: number }): Promise<Rollout>;
  targetsOf(rollout: Rollout): Promise<RolloutTarget[]>;
  targets(): Promise<Target[]>;
  group(name?: string): Promise<Group>;
  stop(): Promise<void>;
}

export const threeRings = {
  canary: { ring: 'canary' },
  early: { ring: 'early' },
  rest: { ring: 'rest' },
};

/** Hub, agents on real control planes and a Git repository, started before the tests of a file and stopped after them. */
export function useFleet(options: FleetOptions): () => Fleet {
  const bed = useBed(Object.keys(options.clusters).length);
  let fleet: Fleet | undefined;
  beforeAll(async () => {
    fleet = await startFleet(options, bed());
  }, 180_000);
  afterAll(async () => {
    await fleet?.stop();
  }, 60_000);
  return () => {
    if (!fleet) throw new Error('the fleet did not start');
    return fleet;
  };
}

/** A fleet on clusters that run already; benchmarks use it without a test runner. */
export async function startFleet(options: FleetOptions, bedClusters: readonly BedCluster[]): Promise<Fleet> {
  const prefix = `t${randomBytes(3).toString('hex')}`;
  const names = Object.keys(options.clusters);
  const byName = new Map(names.map((name, index) => [name, bedClusters[index]]));
  const cluster = (name: string): BedCluster => {
    const found = byName.get(name);
    if (!found) throw new Error(`no cluster ${name}`);
    return found;
  };
  const repository = await createRepository();
  const env = typeof options.env === 'function' ? await options.env() : (options.env ?? {});
  const hub = await startHub({ ...(options.redisUrl ? { redisUrl: options.redisUrl() } : {}), env });
  const api = connectApi(
    () => hub.url,
    () => hub.adminToken,
  );
  const agents: Record<string, AgentProcess> = {};
  const links: Record<string, Link> = {};
  for (const name of names) {
    let hubUrl = hub.url;
    if (options.links) {
      const link = await startLink({ targetPort: Number(new URL(hub.url).port) });
      links[name] = link;
      hubUrl = `http://127.0.0.1:${link.port}`;
    }
    agents[name] = await startAgent({
      api,
      hubUrl,
      name,
      kubeconfigPath: cluster(name).kubeconfigPath,
      labels: options.clusters[name] ?? {},
      namespace: `fairlead-${prefix}`,
    });
  }
  await eventually(
    async () => {
      const { items } = await api.get('/v1/clusters', pageOf(Cluster));
      const connected = items.filter((item) => item.connection === 'connected').length;
      if (connected < names.length)
        throw new Error(`${connected} of ${names.length} agents connected\n${agentOutput(agents)}`);
    },
    { timeoutMs: 30_000 },
  );
  await repository.commit({ 'README.md': 'A source for tests.\n' }, 'Start');
  await api.post(
    '/v1/sources',
    { name: prefix, url: repository.url, ref: 'main', pollIntervalSeconds: 3600, webhookSecret },
    Source,
  );

  const notify = () => callWebhook(`${hub.url}/hooks/generic/${prefix}`, webhookSecret);

  return {
    hub,
    api,
    repository,
    prefix,
    agents,
    links,
    cluster,
    notify,
    push: async (files, message) => {
      const commit = await repository.commit(files, message);
      await notify();
      return commit;
    },
    rollout: (accept, { group = prefix, timeoutMs = 60_000 } = {}) =>
      eventually(
        async () => {
          const { items } = await api.get(`/v1/rollouts?group=${group}&limit=1`, pageOf(Rollout));
          const newest = items[0];
          if (!newest) throw new Error(`no rollout of ${group} yet`);
          if (!accept(newest)) throw new Error(`rollout is ${JSON.stringify(newest)}`);
          return newest;
        },
        { timeoutMs },
      ),
    targetsOf: async (rollout) => (await api.get(`/v1/rollouts/${rollout.id}/targets`, pageOf(RolloutTarget))).items,
    targets: async () => (await api.get('/v1/targets', pageOf(Target))).items,
    group: (name = prefix) => api.get(`/v1/groups/${name}`, Group),
    stop: async () => {
      await Promise.all(Object.values(agents).map((agent) => agent.stop()));
      await Promise.all(Object.values(links).map((link) => link.close()));
      await hub.stop();
    },
  };
}

function agentOutput(agents: Record<string, AgentProcess>): string {
  return Object.values(agents)
    .map((agent) => `${agent.name}: ${agent.process().output().slice(-2000)}`)
    .join('\n');
}
