import { spawnSync } from 'node:child_process';

/** Interrupts the direct children of this process: builds under way, whose promises fail then. */
export function interruptChildren(): void {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=']);
  for (const line of String(stdout).split('\n')) {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    if (parent !== process.pid || pid === undefined) continue;
    try {
      process.kill(pid, 'SIGINT');
    } catch {
      // It ended between the look and the signal; `ps` itself is always such a one.
    }
  }
}
