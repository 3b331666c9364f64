import { join, resolve } from 'node:path';
import { BedError } from '../bed-error.ts';
import type { Binaries, ClusterBinaryName } from '../versions.ts';
import { clusterFiles } from './arguments.ts';
import type { BedCluster } from './bed-cluster.ts';
import { readClusterState } from './cluster-state.ts';
import { createCluster } from './create-cluster.ts';
import { readToken } from './identity.ts';

/** A cluster that another process started and that keeps running when this one ends. Throws when there is none. */
export async function attachCluster(options: {
  readonly name: string;
  readonly dir: string;
  readonly binaries: Binaries<ClusterBinaryName>;
}): Promise<BedCluster> {
  const files = clusterFiles(join(resolve(options.dir), options.name));
  const state = await readClusterState(files.state);
  if (state === null) throw new BedError(`there is no cluster ${options.name} in ${options.dir}`);
  const cluster = createCluster({
    name: options.name,
    binaries: options.binaries,
    files: { ...files, publishedKubeconfig: state.kubeconfigPath },
    ports: state.ports,
    token: await readToken(files),
    pure: state.pure,
    background: true,
  });
  cluster.adopt(state.pids);
  cluster.assertRunning();
  return cluster;
}
