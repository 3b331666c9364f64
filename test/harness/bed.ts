import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attachCluster, type BedCluster, clusterBinaryNames, ensureBinaries, startClusters } from '../bed/bed.ts';
import { sharedBed } from './shared-bed.ts';

const startTimeoutMs = 900_000;

/**
 * Clusters for the tests of one file, in a fixed order. They are those of the whole run (`FAIRLEAD_TEST_BED`) when it has
 * a bed, and this file's own otherwise: use namespaces and names that no other file uses, and leave every program running.
 */
export function useBed(count: number): () => readonly BedCluster[] {
  return clustersOfFile(async () => {
    const shared = sharedBed();
    if (shared === undefined) return startOwn(count);
    const binaries = await ensureBinaries(undefined, { names: clusterBinaryNames });
    const names = shared.names.slice(0, count);
    const attached = await Promise.all(names.map((name) => attachCluster({ name, dir: shared.dir, binaries })));
    const own = count > names.length ? await startOwn(count - names.length) : nothingStarted;
    return { clusters: [...attached, ...own.clusters], stop: own.stop };
  });
}

/** Clusters that only this file has, so that its tests may stop, freeze and kill whatever they like. */
export function usePrivateBed(count: number, options: { readonly pure?: boolean } = {}): () => readonly BedCluster[] {
  return clustersOfFile(() => startOwn(count, options));
}

interface OpenBed {
  readonly clusters: readonly BedCluster[];
  readonly stop: () => Promise<void>;
}

const nothingStarted: OpenBed = { clusters: [], stop: () => Promise.resolve() };

function clustersOfFile(open: () => Promise<OpenBed>): () => readonly BedCluster[] {
  let bed: OpenBed | undefined;
  beforeAll(async () => {
    bed = await open();
  }, startTimeoutMs);
  afterAll(async () => {
    await bed?.stop();
  }, 60_000);
  return () => {
    if (bed === undefined) throw new Error('the clusters of this file were not started');
    return bed.clusters;
  };
}

async function startOwn(count: number, options: { readonly pure?: boolean } = {}): Promise<OpenBed> {
  const binaries = await ensureBinaries(undefined, { names: clusterBinaryNames });
  const dir = mkdtempSync(join(tmpdir(), 'fairlead-bed-'));
  const names = Array.from({ length: count }, (_, index) => `own-${index + 1}`);
  const clusters = await startClusters(names, { dir, binaries, pure: options.pure === true });
  return {
    clusters,
    stop: async () => {
      await Promise.all(clusters.map((cluster) => cluster.stop()));
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
