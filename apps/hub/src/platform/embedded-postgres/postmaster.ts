import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { hasCode } from '../system-error.ts';

/** What `postmaster.pid` says about the server that uses a data directory. */
export interface Postmaster {
  pid: number;
  port: number;
}

export function readPostmaster(dataDirectory: string): Postmaster | null {
  let text: string;
  try {
    text = readFileSync(join(dataDirectory, 'postmaster.pid'), 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  return Number.isInteger(pid) && pid > 0 ? { pid, port: Number(lines[3]) } : null;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

/** Whether this very process is PostgreSQL on this directory: after a reboot the number may belong to anything. */
function isPostmasterOf(pid: number, dataDirectory: string): boolean {
  if (!isAlive(pid)) return false;
  if (process.platform !== 'linux') return true;
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return command.some((word) => word.endsWith('/postgres')) && command.includes(dataDirectory);
  } catch {
    // It went away between the two looks.
    return false;
  }
}

/**
 * Makes sure that no server uses the data directory any more: a server that a killed hub left behind is shut down
 * cleanly (and harder when it does not listen), and a pid file about nobody is removed.
 */
export async function stopOrphan(dataDirectory: string, log: (message: string) => void): Promise<void> {
  const orphan = readPostmaster(dataDirectory);
  if (!orphan) return;
  if (!isPostmasterOf(orphan.pid, dataDirectory)) {
    rmSync(join(dataDirectory, 'postmaster.pid'), { force: true });
    return;
  }
  log('stopping the PostgreSQL server that an earlier hub left behind');
  // Fast shutdown, then immediate shutdown: the write-ahead log makes both safe.
  for (const [signal, patienceMs] of [
    ['SIGINT', 20_000],
    ['SIGQUIT', 10_000],
  ] as const) {
    process.kill(orphan.pid, signal);
    if (await isGone(orphan.pid, patienceMs)) return;
  }
  throw new Error(`PostgreSQL process ${orphan.pid} on ${dataDirectory} does not stop`);
}

/** Waits for the end of a process that is not our child. */
async function isGone(pid: number, patienceMs: number): Promise<boolean> {
  const deadline = performance.now() + patienceMs;
  while (performance.now() < deadline) {
    if (!isAlive(pid)) return true;
    await pause(25);
  }
  return !isAlive(pid);
}
