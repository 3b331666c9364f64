import { mkdtempSync, rmSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeObject } from '@fairlead/manifests';
import { eventually } from '@fairlead/shared/test-kit';
import { type BedCluster, clusterBinaryNames, ensureBinaries, startCluster } from '../bed/bed.ts';
import { type MeasuredAgent, startMeasuredAgent } from './agent-program.ts';

const appCount = 10;
const namespace = 'memory';

/**
 * Resident memory of the agent with 5,000 objects in ten apps: after a minute at rest, through 100,000 events (changes by
 * others that are no drift, as fast as the API server takes them), and through a full resync, as after an API server that
 * came back and a hub that came back. Beside it: what KubeFleet's member agent takes, measured separately.
 */
export async function run({ quick }: { quick: boolean }): Promise<Record<string, unknown>> {
  const objectCount = quick ? 1_000 : 5_000;
  const events = quick ? 10_000 : 100_000;
  const restMs = quick ? 15_000 : 60_000;
  const dir = mkdtempSync(join(tmpdir(), 'fairlead-bench-memory-'));
  const binaries = await ensureBinaries(undefined, { names: clusterBinaryNames });
  const cluster = await startCluster({ name: 'bench', dir, binaries, pure: true });
  const agent = await startMeasuredAgent(cluster.kubeconfigPath, 'fairlead-bench');
  try {
    const idle = await agent.memory();
    const settings = { namespace, createNamespace: true };
    const assignments = Array.from({ length: appCount }, (_, index) =>
      agent.hub.assign(`app-${index}`, objectsOf(index, objectCount / appCount), { settings }),
    );
    const allHealthy = () =>
      eventually(() => assignments.map((assignment) => agent.hub.expectHealthy(assignment)), { timeoutMs: 300_000 });
    await allHealthy();
    const applied = await agent.memory();
    await passing(restMs);
    const settled = await agent.memory();
    const cpuPercent = await cpuAtRest(agent, restMs);
    const slopeMb = await slope(agent, cluster, { events, objectCount });
    const afterEvents = await agent.memory();
    await resync(agent, cluster);
    await allHealthy();
    await passing(restMs);
    const resynced = await agent.memory();
    return {
      unit: 'MB',
      ours: settled.rssMb,
      theirs: 33,
      theirsMeasured: 'recorded',
      ratio: Math.round((settled.rssMb / 33) * 100) / 100,
      n: 1,
      objects: objectCount,
      events,
      rssMb: settled.rssMb,
      peakMb: resynced.peakMb,
      slopeMbPer100kEvents: slopeMb,
      cpuPercent,
      idleMb: idle.rssMb,
      appliedMb: applied.rssMb,
      afterEventsMb: afterEvents.rssMb,
      resyncedMb: resynced.rssMb,
    };
  } finally {
    await agent.stop();
    await cluster.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

function objectsOf(app: number, count: number): KubeObject[] {
  return Array.from({ length: count }, (_, index) => ({
    apiVersion: 'v1',
    kind: kindOf(index) === 'secrets' ? 'Secret' : 'ConfigMap',
    metadata: { name: `object-${app}-${index}` },
    data: { value: Buffer.from(`${app} ${index} `.repeat(80)).toString('base64') },
  }));
}

function kindOf(index: number): 'secrets' | 'configmaps' {
  return index % 4 === 0 ? 'secrets' : 'configmaps';
}

function passing(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Share of one processor while nothing happens. */
async function cpuAtRest(agent: MeasuredAgent, ms: number): Promise<number> {
  const before = await agent.cpuSeconds();
  await passing(ms);
  return Math.round((((await agent.cpuSeconds()) - before) / (ms / 1000)) * 10_000) / 100;
}

/** Growth of resident memory per 100,000 events: the line through samples taken after a first tenth, MB. */
async function slope(
  agent: MeasuredAgent,
  cluster: BedCluster,
  { events, objectCount }: { events: number; objectCount: number },
): Promise<number> {
  const samples: { x: number; y: number }[] = [];
  const part = events / 20;
  for (let sent = 0; sent < events; sent += part) {
    await change(cluster, { from: sent, count: part, objectCount });
    if (sent >= events / 10) samples.push({ x: sent + part, y: (await agent.memory()).rssMb });
  }
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(samples.map((sample) => sample.x)), mean(samples.map((sample) => sample.y))];
  const rise = samples.reduce((sum, sample) => sum + (sample.x - x) * (sample.y - y), 0);
  const run = samples.reduce((sum, sample) => sum + (sample.x - x) ** 2, 0);
  return Math.round((rise / run) * 100_000 * 100) / 100;
}

/** Somebody else writes an annotation on object after object. */
async function change(
  cluster: BedCluster,
  { from, count, objectCount }: { from: number; count: number; objectCount: number },
): Promise<void> {
  const agent = new https.Agent({ keepAlive: true, maxSockets: 16, rejectUnauthorized: false });
  let next = from;
  const worker = async () => {
    while (next < from + count) {
      const number = next;
      next += 1;
      const [app, index] = [number % appCount, Math.floor(number / appCount) % (objectCount / appCount)];
      const path = `/api/v1/namespaces/${namespace}/${kindOf(index)}/object-${app}-${index}?fieldManager=somebody`;
      await patch(cluster, agent, path, { metadata: { annotations: { 'example.dev/touched': String(number) } } });
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  agent.destroy();
}

function patch(cluster: BedCluster, agent: https.Agent, path: string, body: object): Promise<void> {
  const text = JSON.stringify(body);
  const headers = {
    authorization: `Bearer ${cluster.token}`,
    'content-type': 'application/merge-patch+json',
    accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
    'content-length': Buffer.byteLength(text),
  };
  return new Promise((resolve, reject) => {
    const request = https.request(cluster.serverUrl + path, { method: 'PATCH', agent, headers }, (answer) => {
      answer.resume().once('end', () => {
        if (answer.statusCode === 200) resolve();
        else reject(new Error(`a change was answered with ${answer.statusCode}`));
      });
    });
    request.once('error', reject);
    request.end(text);
  });
}

/** Everything is read again: the API server has forgotten its streams, and the hub sends all assignments anew. */
async function resync(agent: MeasuredAgent, cluster: BedCluster): Promise<void> {
  await cluster.apiServer.stop();
  await cluster.apiServer.start();
  const { sessions } = agent.hub;
  agent.hub.dropSessions();
  await eventually(
    () => {
      if (agent.hub.sessions <= sessions) throw new Error('no session yet');
    },
    { timeoutMs: 60_000 },
  );
}
