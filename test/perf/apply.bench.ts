import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { KubeObject } from '@fairlead/manifests';
import type { Assignment } from '@fairlead/shared/contracts';
import { eventually } from '@fairlead/shared/test-kit';
import { clusterBinaryNames, ensureBinaries, startCluster, type BedCluster } from '../bed/bed.ts';
import type { FakeHub } from '../harness/fake-hub.ts';
import { startMeasuredAgent } from './agent-program.ts';
import { spread } from './spread.ts';

const objectCount = 500;
const valueBytes = 900;

/**
 * 500 ConfigMaps of 1 KB to a real API server: by the agent (from the assignment being sent to its acknowledgement), and by
 * `kubectl apply --server-side -f` of one file with the same objects. Rounds alternate; each has a namespace of its own.
 */
export async function run({ quick }: { quick: boolean }): Promise<Record<string, unknown>> {
  const rounds = quick ? 5 : 9;
  const dir = mkdtempSync(join(tmpdir(), 'fairlead-bench-apply-'));
  const binaries = await ensureBinaries(undefined, { names: clusterBinaryNames });
  const cluster = await startCluster({ name: 'bench', dir, binaries, pure: true });
  const agent = await startMeasuredAgent(cluster.kubeconfigPath, 'fairlead-bench');
  try {
    const ours: number[] = [];
    const theirs: number[] = [];
    const unchanged: Figure[] = [];
    const changed: Figure[] = [];
    // An agent runs for months; kubectl's start is part of every use of it.
    await cluster.kubectl(['create', 'namespace', 'warm-up']);
    await measure(agent.hub, cluster, () => agent.hub.assign('warm-up', configMaps('warm-up').slice(0, 100)));
    for (let round = 0; round < rounds; round += 1) {
      const name = `ours-${round}`;
      await cluster.kubectl(['create', 'namespace', name]);
      await cluster.kubectl(['create', 'namespace', `theirs-${round}`]);
      const objects = configMaps(name);
      const kubectl = async () => theirs.push(await kubectlApply(cluster, join(dir, 'all.json'), `theirs-${round}`));
      if (round % 2 === 1) await kubectl();
      ours.push((await measure(agent.hub, cluster, () => agent.hub.assign(name, objects))).ms);
      if (round % 2 === 0) await kubectl();
      unchanged.push(await measure(agent.hub, cluster, () => agent.hub.assign(name, objects)));
      const edited = objects.map((object, index) =>
        index === 250 ? { ...object, data: { value: 'edited' } } : object,
      );
      changed.push(await measure(agent.hub, cluster, () => agent.hub.assign(name, edited)));
    }
    const [first, peer] = [spread(ours), spread(theirs)];
    const requests = (figures: readonly Figure[]) => Math.max(...figures.map((figure) => figure.requests));
    return {
      unit: 'ms',
      ours: first.p50,
      theirs: peer.p50,
      // Rounds alternate, so that what else the machine does weighs on both sides of each pair alike.
      ratio: spread(ours.map((ms, round) => ms / (theirs[round] ?? Number.NaN))).p50,
      n: rounds,
      objects: objectCount,
      ...first,
      theirsSpread: peer,
      unchanged: { ...spread(unchanged.map((figure) => figure.ms)), requests: requests(unchanged) },
      oneChanged: { ...spread(changed.map((figure) => figure.ms)), requests: requests(changed) },
      requests: requests(unchanged),
      ...(await agent.memory()),
    };
  } finally {
    await agent.stop();
    await cluster.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

interface Figure {
  readonly ms: number;
  /** Requests about ConfigMaps that the API server counted, watches left out. */
  readonly requests: number;
}

async function measure(hub: FakeHub, cluster: BedCluster, assign: () => Assignment): Promise<Figure> {
  const before = await configMapRequests(cluster);
  const assignment = assign();
  // The scripted hub digests the objects while it assigns them; a real one has done so when it rendered them.
  const start = performance.now();
  const isApplied = () =>
    hub.acks(assignment.app).some((ack) => ack.counter === assignment.counter && ack.phase === 'applied');
  await eventually(
    () => {
      if (!isApplied()) throw new Error(`${assignment.app} #${assignment.counter} is not applied`);
    },
    { timeoutMs: 60_000 },
  );
  const ack = hub.acks(assignment.app).findLast((message) => message.counter === assignment.counter);
  const ms = Math.min(
    performance.now() - start,
    ack === undefined ? Infinity : Date.parse(ack.at) - (performance.timeOrigin + start),
  );
  return { ms, requests: (await configMapRequests(cluster)) - before };
}

async function kubectlApply(cluster: BedCluster, file: string, namespace: string): Promise<number> {
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: configMaps(namespace) }));
  const start = performance.now();
  await cluster.kubectl(['apply', '--server-side', '-f', file]);
  return performance.now() - start;
}

async function configMapRequests(cluster: BedCluster): Promise<number> {
  const { stdout } = await cluster.kubectl(['get', '--raw', '/metrics']);
  let total = 0;
  for (const line of stdout.split('\n')) {
    if (!line.startsWith('apiserver_request_total{') || !line.includes('resource="configmaps"')) continue;
    if (line.includes('verb="WATCH"')) continue;
    total += Number(line.slice(line.lastIndexOf(' ') + 1));
  }
  return total;
}

function configMaps(namespace: string): KubeObject[] {
  return Array.from({ length: objectCount }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `settings-${String(index).padStart(4, '0')}`, namespace },
    data: { value: `${index} `.repeat(valueBytes).slice(0, valueBytes) },
  }));
}
