import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * True when `pid` runs and its command line names a file below `directory`, as only our processes do. Process ids are used
 * again, so a number read from a file proves nothing by itself. A process that ended and was not yet reaped has no command
 * line and counts as gone.
 */
export function isOurProcess(pid: number, directory: string): boolean {
  return commandLine(pid).includes(`${directory}/`);
}

function commandLine(pid: number): string {
  if (process.platform !== 'linux') return spawnSync('ps', ['-o', 'command=', '-p', String(pid)]).stdout.toString();
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** Sends a signal when the process is (still) ours; returns whether it was. */
export function signalOurProcess(pid: number, directory: string, signal: NodeJS.Signals): boolean {
  if (!isOurProcess(pid, directory)) return false;
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    // It ended between the look and the signal.
    return false;
  }
}

async function waitUntilGone(pid: number, directory: string, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (isOurProcess(pid, directory)) {
    if (Date.now() > deadline) return false;
    await pause(20);
  }
  return true;
}

/** Ends processes of ours for good and waits until they are gone. Those that are not ours are left alone. */
export async function killOurProcesses(pids: readonly number[], directory: string): Promise<void> {
  for (const pid of pids) signalOurProcess(pid, directory, 'SIGKILL');
  await Promise.all(pids.map((pid) => waitUntilGone(pid, directory, 10_000)));
}
