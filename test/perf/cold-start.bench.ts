import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Assignment } from '@fairlead/shared/contracts';
import type { KubeObject } from '@fairlead/manifests';
import { eventually } from '@fairlead/shared/test-kit';
import { type BedCluster, clusterBinaryNames, ensureBinaries, startCluster } from '../bed/bed.ts';
import { type MeasuredAgent, startMeasuredAgent } from './agent-program.ts';
import { spread } from './spread.ts';

const group = 'cold.example.dev';
const namespace = 'cold';
const objectsPerApp = 500;

/**
 * Start of an agent that has 10,000 objects of 40 kinds already: from the start of the process until it has told the hub
 * that every app is healthy, with a watch open on every kind. Nothing changed meanwhile.
 */
export async function run({ quick }: { quick: boolean }): Promise<Record<string, unknown>> {
  const objects = quick ? 2_000 : 10_000;
  const kinds = quick ? 10 : 40;
  const rounds = quick ? 2 : 5;
  const dir = mkdtempSync(join(tmpdir(), 'fairlead-bench-cold-'));
  const binaries = await ensureBinaries(undefined, { names: clusterBinaryNames });
  const cluster = await startCluster({ name: 'bench', dir, binaries, pure: true });
  await define(cluster, kinds);
  const agent = await startMeasuredAgent(cluster.kubeconfigPath, 'fairlead-bench');
  try {
    const settings = { namespace, createNamespace: true };
    const assignments: Assignment[] = [];
    for (let app = 0; app < objects / objectsPerApp; app += 1) {
      const assignment = agent.hub.assign(`app-${app}`, objectsOf(app, kinds), { settings });
      await eventually(() => agent.hub.expectHealthy(assignment), { timeoutMs: 120_000 });
      assignments.push(assignment);
    }
    const seconds: number[] = [];
    const peaks: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      seconds.push(await start(agent, assignments));
      peaks.push((await agent.memory()).peakMb);
    }
    const { min, p50, p90, max } = spread(seconds);
    return {
      unit: 's',
      ours: p50,
      theirs: 15,
      theirsMeasured: 'target',
      ratio: p50 / 15,
      n: rounds,
      objects,
      kinds,
      min,
      p50,
      p90,
      max,
      peakMb: Math.max(...peaks),
    };
  } finally {
    await agent.stop();
    await cluster.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Starts the agent again and waits until it has said of every app, anew, that it is healthy. */
async function start(agent: MeasuredAgent, assignments: readonly Assignment[]): Promise<number> {
  await agent.restart();
  const startedAt = performance.now();
  const heard = agent.hub.messages.length;
  await eventually(
    () => {
      const healthy = new Set(
        agent.hub.messages
          .slice(heard)
          .flatMap((message) => (message.type === 'status' && message.health === 'healthy' ? [message.app] : [])),
      );
      if (healthy.size < assignments.length)
        throw new Error(`${healthy.size} of ${assignments.length} apps are healthy`);
    },
    { timeoutMs: 120_000 },
  );
  return (performance.now() - startedAt) / 1000;
}

function objectsOf(app: number, kinds: number): KubeObject[] {
  return Array.from({ length: objectsPerApp }, (_, index) => ({
    apiVersion: `${group}/v1`,
    kind: `Kind${index % kinds}`,
    metadata: { name: `object-${app}-${index}` },
    spec: { text: `${app} ${index} `.repeat(20) },
  }));
}

async function define(cluster: BedCluster, kinds: number): Promise<void> {
  const schema = {
    openAPIV3Schema: {
      type: 'object',
      properties: { spec: { type: 'object', properties: { text: { type: 'string' } } } },
    },
  };
  const items = Array.from({ length: kinds }, (_, index) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `kind${index}s.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind: `Kind${index}`, plural: `kind${index}s`, singular: `kind${index}` },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  }));
  await cluster.kubectl(['apply', '-f', '-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) });
  await cluster.kubectl(['wait', '--for=condition=Established', '--timeout=60s', 'crd', '--all']);
}
