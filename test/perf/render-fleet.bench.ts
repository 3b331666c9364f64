// The whole path from a commit to stored snapshots: a hub process, a Git repository, PostgreSQL; no clusters behind it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Source } from '@fairlead/shared/contracts';
import { eventually } from '@fairlead/shared/test-kit';
import { ensureBinaries } from '../bed/bed.ts';
import { connectApi, type Api } from '../harness/api.ts';
import { createRepository, type TestRepository } from '../harness/git-server.ts';
import { startHub, type HubProcess } from '../harness/hub.ts';
import { createTestDatabase, openPostgresServer } from '../harness/postgres.ts';
import { callWebhook } from '../harness/webhook.ts';
import { createPool, type Pool } from '../../apps/hub/src/platform/database/pool.ts';
import { appName, fleetTree, smallApps, smallConfig } from './fleet-tree.ts';
import { overlayName } from './shop-tree.ts';
import { spread } from './spread.ts';

const secret = 'a shared secret for benchmarks';
const sampled = 60;
const cores = 2;

interface Bench {
  hub: HubProcess;
  api: Api;
  pool: Pool;
}

export async function run({ quick }: { quick: boolean }): Promise<Record<string, unknown>> {
  const apps = quick ? 20 : 100;
  const clusters = quick ? 50 : 100;
  const n = apps * clusters;
  const tree = fleetTree(apps, clusters);
  const fleet = await withHub(clusters, (bench) => measureFleet(bench, tree, n));
  say(`fleet: ${JSON.stringify(fleet)}`);
  const theirs = await measureKustomize(tree, n);
  say(`kustomize: ${theirs} s`);
  const one = await withHub(10, (bench) => measureOneOf(bench, { apps: 600, rounds: quick ? 10 : 30 }));
  return {
    unit: 's',
    ours: fleet.seconds,
    theirs,
    theirsMeasured: `${sampled} processes, ${cores} at a time, scaled to n`,
    ratio: Number((fleet.seconds / theirs).toFixed(4)),
    n,
    ...fleet,
    ...one,
    load: loadavg()[0],
  };
}

/** With `FAIRLEAD_BENCH_PROFILE=DIR` each hub leaves a CPU profile there. */
function profiling(): string[] {
  const directory = process.env['FAIRLEAD_BENCH_PROFILE'];
  return directory === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${directory}`];
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** A hub on a database of its own with clusters that never connect. */
async function withHub<T>(clusters: number, work: (bench: Bench) => Promise<T>): Promise<T> {
  const server = await openPostgresServer();
  const database = await createTestDatabase(server.url);
  const pool = createPool({ connectionString: database.url, max: 2, onConnectionError: () => {} });
  const names = Array.from({ length: clusters }, (_, index) => overlayName(index));
  await pool.query(
    `insert into clusters (name, labels, fingerprint) select name, jsonb_build_object('site', name), name from unnest($1::text[]) as t (name)`,
    [names],
  );
  const hub = await startHub({ databaseUrl: database.url, nodeOptions: profiling() });
  try {
    const api = connectApi(
      () => hub.url,
      () => hub.adminToken,
    );
    return await work({ hub, api, pool });
  } finally {
    await hub.stop();
    await pool.end();
    await database.drop();
    await server.stop();
  }
}

async function measureFleet(bench: Bench, tree: ReadonlyMap<string, string>, n: number) {
  const repository = await createRepository();
  try {
    await repository.commit(Object.fromEntries(tree), 'All of it');
    const startedAt = performance.now();
    await addSource(bench.api, 'fleet', repository);
    await untilRead(bench.pool, 1);
    const seconds = Number(((performance.now() - startedAt) / 1000).toFixed(2));
    const cpuSeconds = cpuSecondsOf(bench.hub.process().pid);
    const hubRssMb = peakRssMb(bench.hub.process().pid);
    const { rows } = await bench.pool.query<{ targets: number; snapshots: number; objects: number }>(
      `select (select count(*)::integer from release_targets) as targets, (select count(*)::integer from snapshots) as snapshots,
         (select sum(object_count)::integer from snapshots) as objects`,
    );
    if (rows[0]?.targets !== n) throw new Error(`${rows[0]?.targets} targets instead of ${n}`);
    return { seconds, hubRssMb, ...cpuSeconds, ...rows[0] };
  } finally {
    await repository.remove();
  }
}

/** One file of one app changes again and again; the database's clock says what lies between fetch and release. */
async function measureOneOf(bench: Bench, { apps, rounds }: { apps: number; rounds: number }) {
  const repository = await createRepository();
  try {
    await repository.commit(Object.fromEntries(smallApps(apps)), 'All of it');
    await addSource(bench.api, 'many', repository);
    await untilRead(bench.pool, 1);
    const timesMs: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      const index = round % apps;
      const commit = await repository.commit({
        [`apps/${appName(index)}/manifests/config.yaml`]: smallConfig(index, round),
      });
      await callWebhook(`${bench.hub.url}/hooks/generic/many`, secret);
      await untilRead(bench.pool, round + 1);
      const { rows } = await bench.pool.query<{ ms: number; rendered: string[] }>(
        `select extract(epoch from r.created_at - c.seen_at)::float8 * 1000 as ms,
           (select array_agg(distinct a.name) from render_traces t join apps a on a.id = t.app_id where t.commit = $1) as rendered
         from releases r join source_commits c on c.commit = r.commit where r.commit = $1`,
        [commit],
      );
      const [row] = rows;
      if (!row || rows.length > 1 || row.rendered.join() !== appName(index))
        throw new Error(`rendered and released: ${JSON.stringify(rows)}`);
      timesMs.push(row.ms);
    }
    const { p50, p90, max } = spread(timesMs);
    return { oneOf600Ms: p50, oneOf600P90Ms: p90, oneOf600MaxMs: max, oneOf600Targets: apps * 10 };
  } finally {
    await repository.remove();
  }
}

async function addSource(api: Api, name: string, repository: TestRepository): Promise<void> {
  const body = { name, url: repository.url, ref: 'main', pollIntervalSeconds: 3600, webhookSecret: secret };
  await api.post('/v1/sources', body, Source);
}

function untilRead(pool: Pool, commits: number): Promise<void> {
  return eventually(
    async () => {
      const { rows } = await pool.query<{ read: number }>(
        'select count(*)::integer as read from source_commits where processed_at is not null',
      );
      if ((rows[0]?.read ?? 0) < commits) throw new Error(`${rows[0]?.read} of ${commits} commits were read`);
    },
    { timeoutMs: 1_200_000 },
  );
}

function peakRssMb(pid: number): number {
  const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(peak) / 1024);
}

/** Processor time of the hub and of its render workers: says more than the clock on a busy machine. */
function cpuSecondsOf(pid: number): { hubCpuS: number; workersCpuS: number } {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  const workers = children.filter((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('render-worker'));
  const workersCpuS = workers.reduce((sum, worker) => sum + cpuOf(worker), 0);
  return { hubCpuS: Number(cpuOf(pid).toFixed(1)), workersCpuS: Number(workersCpuS.toFixed(1)) };
}

function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const ticksPerSecond = 100;
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Seconds that one kustomize process per overlay would take for n of them, with both processors busy. */
async function measureKustomize(tree: ReadonlyMap<string, string>, n: number): Promise<number> {
  const { kustomize } = await ensureBinaries((line) => process.stderr.write(`${line}\n`), { names: ['kustomize'] });
  const root = mkdtempSync(join(tmpdir(), 'fairlead-render-fleet-'));
  try {
    const overlays: string[] = [];
    for (const [path, text] of tree) {
      if (!path.startsWith(`apps/${appName(0)}/`)) continue;
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
      if (/overlays\/.*kustomization\.yaml$/.test(path) && overlays.length < sampled) overlays.push(dirname(path));
    }
    const startedAt = performance.now();
    const build = async (): Promise<void> => {
      for (let overlay = overlays.pop(); overlay !== undefined; overlay = overlays.pop()) {
        const child = spawn(kustomize, ['build', join(root, overlay)], { stdio: 'ignore' });
        const [code] = (await once(child, 'exit')) as [number | null];
        if (code !== 0) throw new Error(`kustomize ended with ${code}`);
      }
    };
    const count = overlays.length;
    await Promise.all(Array.from({ length: cores }, build));
    return Number((((performance.now() - startedAt) / 1000 / count) * n).toFixed(1));
  } finally {
    rmSync(root, { recursive: true });
  }
}
