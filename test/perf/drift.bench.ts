import { mkdtempSync, rmSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { JsonObject, KubeObject } from '@fairlead/manifests';
import { eventually } from '@fairlead/shared/test-kit';
import { clusterBinaryNames, ensureBinaries, startCluster, type BedCluster } from '../bed/bed.ts';
import { deployment } from '../fixtures/kube-objects.ts';
import type { FakeHub } from '../harness/fake-hub.ts';
import { RawKube } from '../harness/raw-kube.ts';
import { startMeasuredAgent } from './agent-program.ts';
import { spread } from './spread.ts';

const namespace = 'drift';
const appCount = 10;

/**
 * Edits of random fields of watched objects, one at a time: from the edit being sent to the report arriving at the hub, and to
 * the value being back. Then requests of the agent at rest. Beside it: what Argo CD's self-heal takes, measured separately.
 */
export async function run({ quick }: { quick: boolean }): Promise<Record<string, unknown>> {
  const [objectCount, edits, restMs] = quick ? [500, 60, 20_000] : [5_000, 400, 120_000];
  const dir = mkdtempSync(join(tmpdir(), 'fairlead-bench-drift-'));
  const binaries = await ensureBinaries(undefined, { names: clusterBinaryNames });
  const cluster = await startCluster({ name: 'bench', dir, binaries });
  const agent = await startMeasuredAgent(cluster.kubeconfigPath, 'fairlead-bench');
  const kube = new RawKube(cluster);
  const watches = [follow(cluster, 'api/v1', 'configmaps'), follow(cluster, 'apis/apps/v1', 'deployments')];
  try {
    const settings = { namespace, createNamespace: true };
    const objects = Array.from({ length: objectCount }, (_, index) => objectOf(index));
    for (let app = 0; app < appCount; app += 1) {
      const part = objects.filter((_, index) => index % appCount === app);
      const assignment = agent.hub.assign(`app-${app}`, part, { settings });
      await eventually(() => agent.hub.expectStatus(assignment, ({ applied }) => applied), { timeoutMs: 300_000 });
    }
    const requests = await requestsAtRest(cluster, restMs);
    const chosen = shuffled(objects.keys()).slice(0, edits);
    const rounds: Round[] = [];
    for (const index of chosen) rounds.push(await measure(index, kube, agent.hub, watches));
    const detect = spread(rounds.map(({ detectMs }) => detectMs));
    const correct = spread(rounds.map(({ correctMs }) => correctMs));
    return {
      unit: 'ms',
      ours: correct.p50,
      theirs: 250,
      theirsMeasured: 'recorded',
      ratio: Math.round((correct.p50 / 250) * 100) / 100,
      n: rounds.length,
      objects: objectCount,
      detectP50Ms: detect.p50,
      detectP99Ms: at99(rounds.map(({ detectMs }) => detectMs)),
      correctP50Ms: correct.p50,
      correctP99Ms: at99(rounds.map(({ correctMs }) => correctMs)),
      requests,
      ...(await agent.memory()),
    };
  } finally {
    for (const watch of watches) watch.stop();
    kube.close();
    await agent.stop();
    await cluster.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

interface Round {
  readonly detectMs: number;
  readonly correctMs: number;
}

interface Watch {
  /** When a line that says this was seen first, monotonic ms. */
  when(isIt: (line: string) => boolean): Promise<number>;
  stop(): void;
}

async function measure(index: number, kube: RawKube, hub: FakeHub, watches: readonly Watch[]): Promise<Round> {
  const isWorkload = index % 50 === 0;
  const name = nameOf(index);
  const path = isWorkload
    ? `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`
    : `/api/v1/namespaces/${namespace}/configmaps/${name}`;
  const change: JsonObject = isWorkload ? { spec: { revisionHistoryLimit: 7 } } : { data: { value: 'edited' } };
  const isBack = (line: string) =>
    line.includes(`"name":"${name}"`) &&
    (isWorkload ? !line.includes('"revisionHistoryLimit":7') : !line.includes('"value":"edited"'));
  const from = hub.messages.length;
  const startedAt = performance.now();
  const corrected = watches[isWorkload ? 1 : 0]?.when(isBack) ?? Promise.reject(new Error('no watch'));
  const detected = told(hub, from, name);
  await kube.patch(path, change, { manager: 'kubectl-edit' });
  const [detectedAt, correctedAt] = await Promise.all([detected, corrected]);
  return { detectMs: detectedAt - startedAt, correctMs: correctedAt - startedAt };
}

async function told(hub: FakeHub, from: number, name: string): Promise<number> {
  const deadline = performance.now() + 30_000;
  for (let next = from; ;) {
    for (; next < hub.messages.length; next += 1) {
      const message = hub.messages[next];
      if (message?.type === 'drift' && message.opened.some(({ object }) => object.endsWith(`/${name}`)))
        return performance.now();
    }
    if (performance.now() > deadline) throw new Error(`the drift of ${name} was not told`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** The events of one kind, as the API server writes them. */
function follow(cluster: BedCluster, folder: string, plural: string): Watch {
  const waiting = new Map<(line: string) => boolean, (at: number) => void>();
  const url = `${cluster.serverUrl}/${folder}/namespaces/${namespace}/${plural}?watch=true&resourceVersion=0`;
  const headers = { authorization: `Bearer ${cluster.token}` };
  const request = https.get(url, { headers, rejectUnauthorized: false }, (response) => {
    let rest = '';
    response.on('data', (chunk: Buffer) => {
      const at = performance.now();
      const lines = (rest + chunk.toString('utf8')).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        for (const [isIt, tell] of waiting) {
          if (!isIt(line)) continue;
          waiting.delete(isIt);
          tell(at);
        }
      }
    });
  });
  request.on('error', () => undefined);
  return {
    when: (isIt) => new Promise((resolve) => waiting.set(isIt, resolve)),
    stop: () => request.destroy(),
  };
}

/** Requests per minute, watches and the lease left out. */
async function requestsAtRest(cluster: BedCluster, ms: number): Promise<number> {
  const before = await requestsSoFar(cluster);
  await new Promise((resolve) => setTimeout(resolve, ms));
  return Math.round(((await requestsSoFar(cluster)) - before) * (60_000 / ms) * 10) / 10;
}

// Kinds that nobody but the agent has here.
const ourKinds = /resource="(configmaps|deployments|secrets)"/;

async function requestsSoFar(cluster: BedCluster): Promise<number> {
  const { stdout } = await cluster.kubectl(['get', '--raw', '/metrics']);
  let total = 0;
  for (const line of stdout.split('\n')) {
    if (!line.startsWith('apiserver_request_total{') || !ourKinds.test(line) || line.includes('verb="WATCH"')) continue;
    total += Number(line.slice(line.lastIndexOf(' ') + 1));
  }
  return total;
}

function objectOf(index: number): KubeObject {
  if (index % 50 === 0) {
    const workload = deployment(nameOf(index));
    return { ...workload, spec: { ...workload.spec, replicas: 0, revisionHistoryLimit: 3 } };
  }
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: nameOf(index) },
    data: { value: `${index} `.repeat(100), other: 'stays' },
  };
}

function nameOf(index: number): string {
  return `object-${String(index).padStart(5, '0')}`;
}

function shuffled(values: Iterable<number>): number[] {
  return [...values]
    .map((value) => ({ value, at: Math.random() }))
    .sort((left, right) => left.at - right.at)
    .map(({ value }) => value);
}

function at99(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(0.99 * sorted.length))] ?? 0) * 100) / 100;
}
