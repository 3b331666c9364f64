import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A program under test: started, watched, stopped, killed. Its output is kept for failure messages. */
export interface RunningProgram {
  readonly pid: number;
  output(): string;
  isRunning(): boolean;
  /** SIGTERM; resolves when it is gone. */
  stop(): Promise<void>;
  /** SIGKILL; resolves when it is gone. */
  kill9(): Promise<void>;
  exited: Promise<number | null>;
}

const outputLimit = 400_000;

export function startProgram(
  command: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
): RunningProgram {
  const child: ChildProcess = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-outputLimit);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  const end = async (signal: NodeJS.Signals) => {
    if (isRunning()) child.kill(signal);
    await exited;
  };
  if (child.pid === undefined) throw new Error(`could not start ${command}`);
  return {
    pid: child.pid,
    output: () => output,
    isRunning,
    stop: () => end('SIGTERM'),
    kill9: () => end('SIGKILL'),
    exited,
  };
}
