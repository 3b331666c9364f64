import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { type BedCluster, clusterBinaryNames, ensureBinaries, startCluster } from '../../test/bed/bed.ts';
import { paths } from './paths.ts';
import { StartError } from './start-error.ts';

/** A cluster an agent is to be started for. */
export interface LocalCluster {
  readonly name: string;
  readonly ring: string;
  readonly kubeconfigPath: string;
  /** Null: the kubeconfig has only one. */
  readonly context: string | null;
}

const rings = ['canary', 'early', 'rest'];
export const bedNames = ['canary-1', 'early-1', 'rest-1'];

/** Starts the local control planes; their programs are built first where this machine has not built them before. */
export async function startBed(
  tell: (detail: string) => void,
): Promise<{ readonly clusters: LocalCluster[]; readonly bed: readonly BedCluster[] }> {
  const binaries = await ensureBinaries((line) => tell(`built once: ${line}`), {
    names: clusterBinaryNames,
    repeatMs: 1_000,
  });
  tell(`starting ${bedNames.join(', ')}`);
  linkKubectl(binaries.kubectl);
  const results = await Promise.allSettled(
    bedNames.map((name) =>
      startCluster({ name, dir: paths.clusters, binaries, kubeconfigPath: join(paths.clusters, `${name}.yaml`) }),
    ),
  );
  const bed = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  const failure = results.find((result) => result.status === 'rejected');
  if (failure !== undefined) {
    await Promise.all(bed.map((cluster) => cluster.stop()));
    throw failure.reason;
  }
  return { bed, clusters: bed.map((cluster, index) => toLocal(cluster.name, cluster.kubeconfigPath, null, index)) };
}

/** Clusters the user already has, by context of their kubeconfig. */
export function existingClusters(contexts: readonly string[]): LocalCluster[] {
  const files = (process.env['KUBECONFIG'] ?? join(homedir(), '.kube', 'config')).split(':').filter(existsSync);
  const known = files.flatMap((file) =>
    contextsOf(load(readFileSync(file, 'utf8'))).map((context) => ({ file, context })),
  );
  return contexts.map((context, index) => {
    const found = known.find((candidate) => candidate.context === context);
    if (found === undefined) {
      const names = known.map((candidate) => candidate.context).join(', ');
      throw new StartError(
        `no kubeconfig has a context ${context}`,
        `There are: ${names || 'none; set KUBECONFIG to the file that has them'}.`,
      );
    }
    return toLocal(clusterNameOf(context), found.file, context, index);
  });
}

function toLocal(name: string, kubeconfigPath: string, context: string | null, index: number): LocalCluster {
  return { name, kubeconfigPath, context, ring: rings[Math.min(index, rings.length - 1)] ?? 'rest' };
}

/** A cluster name out of a context's: lower-case letters, digits and dashes. */
function clusterNameOf(context: string): string {
  const name = context
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(-63)
    .replaceAll(/^-+|-+$/g, '');
  return name === '' ? 'cluster' : name;
}

function contextsOf(kubeconfig: unknown): string[] {
  if (typeof kubeconfig !== 'object' || kubeconfig === null || !('contexts' in kubeconfig)) return [];
  const { contexts } = kubeconfig;
  if (!Array.isArray(contexts)) return [];
  return contexts.flatMap((entry: unknown) =>
    typeof entry === 'object' && entry !== null && 'name' in entry ? [String(entry.name)] : [],
  );
}

function linkKubectl(binary: string): void {
  mkdirSync(paths.bin, { recursive: true });
  const link = join(paths.bin, 'kubectl');
  rmSync(link, { force: true });
  symlinkSync(binary, link);
}
