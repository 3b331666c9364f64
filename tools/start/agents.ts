import { join } from 'node:path';
import { allItems, answer, defined } from '@fairlead/shared/client';
import { type Link, startLink } from '../../test/harness/link.ts';
import type { LocalCluster } from './clusters.ts';
import type { LocalHub } from './hub.ts';
import { paths } from './paths.ts';
import type { Program, Programs } from './program.ts';
import { StartError } from './start-error.ts';
import { waitUntil } from './wait-until.ts';

export interface LocalAgent {
  readonly name: string;
  readonly program: Program;
  /** The way to the hub, which can be cut. */
  readonly link: Link;
}

/** Starts one agent per cluster, with a join token to register it, and waits for all. */
export async function startAgents(
  hub: LocalHub,
  clusters: readonly LocalCluster[],
  programs: Programs,
  onLost: (name: string, how: string) => void,
): Promise<LocalAgent[]> {
  const agents = await Promise.all(
    clusters.map(async (cluster) => {
      const link = await startLink({ targetPort: hub.port });
      // Of no use to one that is registered; needed by one that was ended before it could note that it is.
      const token = await issueToken(hub, cluster);
      const program = programs.start({
        name: `agent ${cluster.name}`,
        program: paths.agentProgram,
        args: agentArguments(cluster, link.port),
        // In the environment and not among the arguments, which every user of the machine can read.
        env: { FAIRLEAD_JOIN_TOKEN: token },
        logFile: join(paths.logs, `agent-${cluster.name}.log`),
        onLost: (how) => onLost(cluster.name, how),
      });
      return { name: cluster.name, program, link };
    }),
  );
  await waitUntil(
    'connecting the agents',
    60_000,
    () => allConnected(hub, agents),
    () => 'Their logs are in .fairlead/logs.',
  );
  return agents;
}

function agentArguments(cluster: LocalCluster, port: number): string[] {
  const context = cluster.context === null ? [] : ['--context', cluster.context];
  return [
    ...['--hub', `http://127.0.0.1:${port}`, '--name', cluster.name],
    ...['--kubeconfig', cluster.kubeconfigPath, ...context, '--state-dir', join(paths.agents, cluster.name)],
  ];
}

async function issueToken(hub: LocalHub, cluster: LocalCluster): Promise<string> {
  const body = { namePattern: cluster.name, labels: { ring: cluster.ring }, maxUses: 1, ttlSeconds: 600 };
  return (await answer(hub.client.POST('/v1/join-tokens', { body }))).token;
}

async function allConnected(hub: LocalHub, agents: readonly LocalAgent[]): Promise<true | null> {
  const ended = agents.find((agent) => !agent.program.isRunning);
  if (ended !== undefined) {
    throw new StartError(
      `the agent of ${ended.name} ended:\n${ended.program.lastWords}`,
      `Its log is .fairlead/logs/agent-${ended.name}.log.`,
    );
  }
  const connected = (await readClusters(hub)).filter((cluster) => cluster.connection === 'connected');
  const names = connected.map((cluster) => cluster.name);
  return agents.every((agent) => names.includes(agent.name)) ? true : null;
}

function readClusters(hub: LocalHub) {
  return allItems((cursor) =>
    answer(hub.client.GET('/v1/clusters', { params: { query: defined({ limit: 500, cursor }) } })),
  );
}
