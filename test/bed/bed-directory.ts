import { readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ApiClient } from './cluster/api-client.ts';
import { clusterFiles } from './cluster/arguments.ts';
import { type ClusterState, readClusterState } from './cluster/cluster-state.ts';
import { certificateFile, readToken } from './cluster/identity.ts';
import { isOurProcess, killOurProcesses } from './cluster/owned-process.ts';

/** One cluster of a bed as seen from outside, by what is written about it and what really runs. */
export interface ClusterStatus extends ClusterState {
  readonly ready: boolean;
  /** Programs that were started and run no more. */
  readonly ended: readonly string[];
}

/** Clusters of a bed directory, running or not, by name. */
export async function readBed(dir: string): Promise<ClusterStatus[]> {
  const states = await Promise.all((await clusterNames(dir)).map((name) => readStatus(dir, name)));
  return states.flatMap((status) => status ?? []);
}

/** Ends every process of a bed directory and removes what the clusters stored. Returns the names. */
export async function removeBed(dir: string): Promise<string[]> {
  const names = await clusterNames(dir);
  await Promise.all(
    names.map(async (name) => {
      const directory = join(resolve(dir), name);
      const state = await readClusterState(clusterFiles(directory).state);
      if (state === null) return;
      await killOurProcesses(Object.values(state.pids), directory);
      await rm(directory, { recursive: true, force: true });
    }),
  );
  return names;
}

async function readStatus(dir: string, name: string): Promise<ClusterStatus | null> {
  const directory = join(resolve(dir), name);
  const files = clusterFiles(directory);
  const state = await readClusterState(files.state);
  if (state === null) return null;
  const ended = Object.keys(state.pids).filter((program) => !isOurProcess(state.pids[program] ?? 0, directory));
  const api = new ApiClient({
    port: state.ports.apiServer,
    token: await readToken(files),
    certificateFile: certificateFile(files),
  });
  const ready = ended.length === 0 && (await api.send('GET', '/readyz')).status === 200;
  return { ...state, ready, ended };
}

async function clusterNames(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
  return entries.flatMap((entry) => (entry.isDirectory() ? entry.name : [])).sort();
}
