import { readFile, rename, writeFile } from 'node:fs/promises';
import type { ClusterPorts } from './arguments.ts';

/** What is written about a running cluster, so that another process can show it, stop it, or clean up after a crash. */
export interface ClusterState {
  readonly name: string;
  readonly pure: boolean;
  readonly serverUrl: string;
  readonly kubeconfigPath: string;
  readonly ports: ClusterPorts;
  /** Process ids by program. They may be stale: check with `isOurProcess` and the cluster's directory. */
  readonly pids: Readonly<Record<string, number>>;
}

export async function readClusterState(path: string): Promise<ClusterState | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as ClusterState;
  } catch {
    // Never written, or cut off by a full disk: nothing we could know about earlier processes.
    return null;
  }
}

export async function writeClusterState(path: string, state: ClusterState): Promise<void> {
  await writeFile(`${path}.new`, `${JSON.stringify(state, null, 2)}\n`);
  await rename(`${path}.new`, path);
}
