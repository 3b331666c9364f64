import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunFile } from './run-file.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fairlead-run-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

function startSleeper() {
  const program = join(directory, 'sleeper.mjs');
  writeFileSync(program, 'setInterval(() => undefined, 1000);');
  const child = spawn(process.execPath, [program], { stdio: 'ignore' });
  return { child, entry: { name: 'sleeper', pid: child.pid ?? 0, directory } };
}

function runFileOf(pid: number): RunFile {
  return new RunFile(join(directory, 'run.json'), { name: 'start', pid, directory });
}

describe('the note about what a start has running', () => {
  it('lets the next start end what a killed one left', async () => {
    const { child, entry } = startSleeper();
    const gone = once(child, 'exit');
    const killed = runFileOf(2 ** 22 + 1);
    await killed.claim();
    killed.add(entry);
    expect(await runFileOf(process.pid).claim()).toEqual({ cleaned: ['sleeper'] });
    await gone;
  });

  it('leaves a process alone that only has the same process id', async () => {
    const killed = runFileOf(2 ** 22 + 1);
    await killed.claim();
    killed.add({ name: 'other', pid: process.pid, directory: join(directory, 'nothing-here') });
    expect(await runFileOf(process.pid).claim()).toEqual({ cleaned: [] });
  });

  it('gives way to a start that is still there', async () => {
    const { child, entry } = startSleeper();
    await runFileOf(entry.pid).claim();
    expect(await runFileOf(process.pid).claim()).toEqual({ runningPid: entry.pid });
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
});
