import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { processName } from './config.ts';

/**
 * Name under which this process holds the cluster's lease. A restart over the same state directory is the same holder and
 * need not wait for its own old lease, unless the process that wrote the name still lives.
 */
export async function holderName(stateDir: string): Promise<string> {
  const path = join(stateDir, 'holder.json');
  const earlier = await readEarlier(path);
  const name =
    earlier === null || (earlier.pid !== process.pid && isAlive(earlier.pid))
      ? `${processName()}-${randomUUID().slice(0, 8)}`
      : earlier.name;
  await writeFile(path, JSON.stringify({ name, pid: process.pid }), { mode: 0o600 });
  return name;
}

async function readEarlier(path: string): Promise<{ name: string; pid: number } | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as { name: string; pid: number };
  } catch {
    // The first run here, or a torn file: a new name only costs waiting for the old lease.
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // No such process.
    return false;
  }
}
