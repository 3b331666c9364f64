import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface LevelRun {
  name: string;
  outputFile: string;
  /** After this long the run is ended and counts as failed: a test that hangs must not hang its caller. */
  limitMs: number;
  environment: Record<string, string>;
}

/** Runs one level and returns its exit code; its messages go to this process's standard error. */
export async function runLevel({ name, outputFile, limitMs, environment }: LevelRun): Promise<number> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, '../jest.ts'), name, '--json', `--outputFile=${outputFile}`],
    // A process group of its own, so that the limit ends the workers too.
    { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...environment }, detached: true },
  );
  const end = () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  };
  const limit = setTimeout(() => {
    console.error(`The ${name} tests did not end within ${limitMs / 60_000} minutes and were stopped.`);
    end();
  }, limitMs);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearTimeout(limit);
  return code ?? 1;
}
