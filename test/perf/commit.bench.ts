import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ensureBinaries, startCluster, type BedCluster } from '../bed/bed.ts';
import { startFleet } from '../harness/fleet.ts';
import { spread } from './spread.ts';

/**
 * From the webhook of a pushed commit to the changed ConfigMap being visible in a real cluster, for an app of three
 * objects. What stands beside it is Flux's median for the same work on such a machine (0.21 s, measured separately).
 */
export async function run({ quick }: { quick: boolean }): Promise<Record<string, unknown>> {
  const rounds = quick ? 15 : 60;
  const dir = mkdtempSync(join(tmpdir(), 'fairlead-bench-'));
  const cluster = await startCluster({ name: 'bench', dir, binaries: await ensureBinaries() });
  const fleet = await startFleet({ clusters: { bench: { ring: 'canary' } } }, [cluster]);
  try {
    const timesMs: number[] = [];
    await fleet.repository.commit(app(0), 'Round 0');
    await fleet.notify();
    await fleet.rollout((rollout) => rollout.state === 'succeeded', { group: 'bench' });
    for (let round = 1; round <= rounds; round += 1) {
      const seen = await watchRound(cluster, round);
      await fleet.repository.commit(app(round), `Round ${round}`);
      const start = performance.now();
      await fleet.notify();
      timesMs.push((await seen.at) - start);
      await fleet.rollout((rollout) => rollout.release.subject === `Round ${round}` && rollout.state === 'succeeded', {
        group: 'bench',
      });
    }
    const figures = spread(timesMs);
    const theirs = 210;
    return {
      unit: 'ms',
      ours: figures.p50,
      theirs,
      theirsMeasured: 'recorded',
      ratio: figures.p50 / theirs,
      n: rounds,
      ...figures,
    };
  } finally {
    await fleet.stop();
    await cluster.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

function app(round: number): Record<string, string> {
  const metadata = { namespace: 'bench' };
  const objects = [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...metadata, name: 'settings' }, data: { round: `${round}` } },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...metadata, name: 'constant' }, data: { same: 'always' } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { ...metadata, name: 'bench' } },
  ];
  const manifest = {
    apiVersion: 'fairlead.dev/v1',
    kind: 'App',
    metadata: { name: 'bench' },
    spec: { namespace: 'bench', createNamespace: true, render: { type: 'yaml', path: 'manifests' } },
  };
  return {
    'bench/fairlead.yaml': JSON.stringify(manifest),
    'bench/manifests/all.yaml': objects.map((object) => JSON.stringify(object)).join('\n---\n'),
  };
}

/** Resolves `at` with the moment the API server shows the round. The watch is established when this returns. */
async function watchRound(cluster: BedCluster, round: number): Promise<{ at: Promise<number> }> {
  const binaries = await ensureBinaries();
  const child = spawn(
    binaries.kubectl,
    [
      '--kubeconfig',
      cluster.kubeconfigPath,
      '-n',
      'bench',
      'get',
      'configmap',
      'settings',
      '-w',
      '-o',
      'jsonpath={.data.round}{"\\n"}',
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const lines = createInterface({ input: child.stdout });
  let first: () => void = () => {};
  const established = new Promise<void>((resolve) => {
    first = resolve;
  });
  const at = new Promise<number>((resolve) => {
    lines.on('line', (line) => {
      first();
      if (line !== `${round}`) return;
      resolve(performance.now());
      child.kill();
    });
  });
  await established;
  return { at };
}
