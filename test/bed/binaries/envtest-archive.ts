import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { versions } from '../versions.ts';

/** What the archive of the Kubernetes project's own test environment contains; the rest is always built. */
export const archivedBinaryNames = ['etcd', 'kube-apiserver', 'kubectl'] as const;

const releases = 'https://github.com/kubernetes-sigs/controller-tools/releases/download';

/**
 * Fetches the published archive of the same Kubernetes version into `directory` and returns whether that worked. A
 * machine without that network, a version that was never published and a damaged download are all ordinary: the programs
 * are then built instead.
 */
export async function fetchEnvtestArchive(directory: string, connectTimeoutMs = 3_000): Promise<boolean> {
  const url = `${releases}/envtest-v${versions.kubernetes}/${archiveName()}`;
  await mkdir(directory, { recursive: true });
  const scratch = await mkdtemp(join(directory, '.envtest-'));
  try {
    const published = await (await get(`${url}.sha512`, connectTimeoutMs)).text();
    const response = await get(url, connectTimeoutMs, 120_000);
    const archive = Buffer.from(await response.arrayBuffer());
    if (createHash('sha512').update(archive).digest('hex') !== published.trim().split(/\s+/)[0]) return false;
    await writeFile(join(scratch, 'archive.tar.gz'), archive);
    return await unpack(scratch, directory);
  } catch {
    return false;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function archiveName(): string {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  return `envtest-v${versions.kubernetes}-${process.platform}-${arch}.tar.gz`;
}

async function get(url: string, connectTimeoutMs: number, totalMs = connectTimeoutMs): Promise<Response> {
  const response = await fetch(url, { signal: AbortSignal.timeout(totalMs) });
  if (!response.ok) throw new Error(`answered ${response.status}`);
  return response;
}

async function unpack(scratch: string, directory: string): Promise<boolean> {
  const unpacked = spawnSync('tar', ['-xzf', 'archive.tar.gz', '--strip-components', '2'], { cwd: scratch });
  if (unpacked.status !== 0) return false;
  // All of them run before any of them is put in place.
  const versionArguments = { etcd: ['--version'], 'kube-apiserver': ['--version'], kubectl: ['version', '--client'] };
  const runs = archivedBinaryNames.every((name) => spawnSync(join(scratch, name), versionArguments[name]).status === 0);
  if (!runs) return false;
  for (const name of archivedBinaryNames) await rename(join(scratch, name), join(directory, name));
  return true;
}
