import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BedCluster, clusterBinaryNames, ensureBinaries, startClusters } from '../bed/bed.ts';
import { sharedBedVariable } from './shared-bed.ts';

const clusterCount = 3;
let running: { readonly dir: string; readonly clusters: readonly BedCluster[] } | undefined;

/** Starts three clusters that end with this process, and tells the test files where they are. */
export async function startSharedBed(): Promise<void> {
  if (process.env[sharedBedVariable]) return;
  const binaries = await ensureBinaries((line) => console.error(line), { names: clusterBinaryNames });
  const dir = mkdtempSync(join(tmpdir(), 'fairlead-bed-'));
  const names = Array.from({ length: clusterCount }, (_, index) => `bed-${index + 1}`);
  running = { dir, clusters: await startClusters(names, { dir, binaries }) };
  process.env[sharedBedVariable] = dir;
}

/** Ends what `startSharedBed` started; a bed that the caller named stays. */
export async function stopSharedBed(): Promise<void> {
  if (running === undefined) return;
  await Promise.all(running.clusters.map((cluster) => cluster.stop()));
  rmSync(running.dir, { recursive: true, force: true });
  delete process.env[sharedBedVariable];
  running = undefined;
}
