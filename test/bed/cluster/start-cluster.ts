import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { BedError } from '../bed-error.ts';
import { keepOrChoosePort } from '../ports.ts';
import type { Binaries, ClusterBinaryName } from '../versions.ts';
import { type ClusterFiles, clusterFiles, type ClusterPorts } from './arguments.ts';
import type { BedCluster } from './bed-cluster.ts';
import { readClusterState } from './cluster-state.ts';
import { createCluster } from './create-cluster.ts';
import { writeIdentity, writeKubeconfig } from './identity.ts';
import { killOurProcesses } from './owned-process.ts';
import { registerNodes, registerStorageClass, waitForApiServer } from './readiness.ts';

export interface StartClusterOptions {
  /** Lower-case name; also its kubeconfig context. */
  readonly name: string;
  /** Directory of the bed; the cluster lives in a directory of its name below it. */
  readonly dir: string;
  readonly binaries: Binaries<ClusterBinaryName>;
  /** Only etcd and the API server: nothing schedules, nothing becomes Ready, controllers are absent. */
  readonly pure?: boolean;
  /** Where the kubeconfig is written; default is `kubeconfig.yaml` in the cluster's directory. */
  readonly kubeconfigPath?: string;
  /** Throw away what an earlier cluster of this name and directory stored. Otherwise it continues where that one stopped. */
  readonly reset?: boolean;
  /** Let the cluster outlive this process. */
  readonly background?: boolean;
  readonly nodes?: number;
}

const startAttempts = 3;

/**
 * Starts a cluster and gives it back when its API serves and its Nodes are Ready. Processes that a killed predecessor left
 * on the same directory are ended first. On failure nothing stays running.
 */
export async function startCluster(options: StartClusterOptions): Promise<BedCluster> {
  if (!/^[a-z0-9]([-a-z0-9]{0,40}[a-z0-9])?$/.test(options.name)) {
    throw new BedError(`"${options.name}" cannot be a cluster name: use lower-case letters, digits and hyphens`);
  }
  const directory = join(resolve(options.dir), options.name);
  const files = clusterFiles(directory, options.kubeconfigPath && resolve(options.kubeconfigPath));
  const before = await readClusterState(files.state);
  if (before !== null) await killOurProcesses(Object.values(before.pids), directory);
  if (options.reset === true) await rm(directory, { recursive: true, force: true });
  for (let attempt = 1; ; attempt += 1) {
    const ports = await choosePorts(before?.ports);
    const { token } = await writeIdentity(files);
    const cluster = createCluster({
      name: options.name,
      binaries: options.binaries,
      files,
      ports,
      token,
      pure: options.pure === true,
      background: options.background === true,
    });
    try {
      await bringUp(cluster, options, files);
      return cluster;
    } catch (error) {
      await cluster.stop();
      const portWasTaken = error instanceof BedError && /address already in use/.test(error.message);
      if (!portWasTaken || attempt === startAttempts) throw error;
    }
  }
}

/** Starts several clusters at the same time; when one fails, the others are stopped. */
export async function startClusters(
  names: readonly string[],
  options: Omit<StartClusterOptions, 'name' | 'kubeconfigPath'>,
): Promise<BedCluster[]> {
  const results = await Promise.allSettled(names.map((name) => startCluster({ ...options, name })));
  const started = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  const failure = results.find((result) => result.status === 'rejected');
  if (failure === undefined) return started;
  await Promise.all(started.map((cluster) => cluster.stop()));
  throw failure.reason;
}

async function choosePorts(before: ClusterPorts | undefined): Promise<ClusterPorts> {
  return {
    etcd: await keepOrChoosePort(before?.etcd),
    etcdPeer: await keepOrChoosePort(before?.etcdPeer),
    apiServer: await keepOrChoosePort(before?.apiServer),
    kubelet: await keepOrChoosePort(before?.kubelet),
  };
}

async function bringUp(cluster: BedCluster, options: StartClusterOptions, files: ClusterFiles): Promise<void> {
  const { etcd, apiServer, others } = cluster.parts;
  const assertStoreRuns = () => [etcd, apiServer].forEach((part) => part.assertRunning());
  // Together: the API server waits for its store by itself.
  etcd.start();
  apiServer.start();
  await cluster.writeState();
  await waitForApiServer(cluster.api, assertStoreRuns);
  await writeKubeconfig(files, cluster);
  if (cluster.pure) return;
  for (const part of others) part.start();
  await cluster.writeState();
  const nodes = Array.from({ length: options.nodes ?? 2 }, (_, index) => `node-${index + 1}`);
  const assertAllRun = () => cluster.assertRunning();
  await Promise.all([registerStorageClass(cluster.api, assertAllRun), registerNodes(cluster.api, nodes, assertAllRun)]);
}
