import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface SandboxedFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}

export interface SandboxedRun {
  readonly binary: string;
  readonly args: readonly string[];
  /** All that the program finds, in its working directory. */
  readonly files: readonly SandboxedFile[];
  readonly timeoutMs: number;
}

export type SandboxedResult =
  | { readonly outcome: 'ended'; readonly exitCode: number; readonly stdout: string; readonly stderr: string }
  | { readonly outcome: 'timeout' | 'too-much-output' }
  | { readonly outcome: 'killed'; readonly signal: string };

const mostOutputBytes = 10 * 1024 * 1024;
const mostMemoryBytes = 1024 * 1024 * 1024;
// Nothing listens there: whoever honours these variables gets nowhere.
const nowhere = 'http://127.0.0.1:9';

/**
 * Runs a program on files of a repository as if it were hostile: a private directory with regular files only, an empty
 * home, no environment of ours, no network where the system can take it away, bounded time, memory, files and output. It
 * is killed, never asked to end.
 */
export async function runSandboxed(run: SandboxedRun, wrapper: readonly string[]): Promise<SandboxedResult> {
  const root = await mkdtemp(join(tmpdir(), 'fairlead-render-'));
  try {
    const work = join(root, 'work');
    const home = join(root, 'home');
    await Promise.all([mkdir(work), mkdir(home)]);
    for (const file of run.files) await writeInto(work, file);
    return await execute(run, { work, home, wrapper });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** The commands to put in front of a program, as far as this machine has them. */
export async function findWrapper(timeoutMs: number): Promise<string[]> {
  const seconds = Math.ceil(timeoutMs / 1000);
  const limits = ['prlimit', `--cpu=${seconds}`, `--data=${mostMemoryBytes}`, `--fsize=${mostOutputBytes}`, '--core=0'];
  const isolate = ['unshare', '--map-root-user', '--net'];
  const [canLimit, canIsolate] = await Promise.all([succeeds([...limits, 'true']), succeeds([...isolate, 'true'])]);
  return [...(canIsolate ? isolate : []), ...(canLimit ? limits : [])];
}

async function writeInto(directory: string, file: SandboxedFile): Promise<void> {
  const parts = file.path.split('/');
  if (file.path.includes('\0') || parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw new RangeError('a path in a repository that is no plain relative path');
  }
  const path = join(directory, ...parts);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, file.content, { mode: 0o600 });
}

function execute(
  run: SandboxedRun,
  { work, home, wrapper }: { work: string; home: string; wrapper: readonly string[] },
): Promise<SandboxedResult> {
  const [command = run.binary, ...args] = [...wrapper, run.binary, ...run.args];
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: work,
      env: environmentIn(home),
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own: whatever it starts dies with it.
      detached: true,
    });
    let verdict: 'timeout' | 'too-much-output' | null = null;
    const kill = (why: 'timeout' | 'too-much-output') => {
      verdict ??= why;
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    };
    const timer = setTimeout(() => kill('timeout'), run.timeoutMs);
    const out = { stdout: [] as Buffer[], stderr: [] as Buffer[], size: 0 };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].on('data', (chunk: Buffer) => {
        out.size += chunk.length;
        if (out.size > mostOutputBytes) kill('too-much-output');
        else out[name].push(chunk);
      });
    }
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('close', (exitCode, signal) => {
      clearTimeout(timer);
      const text = (name: 'stdout' | 'stderr') => Buffer.concat(out[name]).toString('utf8');
      if (verdict !== null) resolve({ outcome: verdict });
      else if (exitCode === null) resolve({ outcome: 'killed', signal: signal ?? 'unknown' });
      else resolve({ outcome: 'ended', exitCode, stdout: text('stdout'), stderr: text('stderr') });
    });
  });
}

function environmentIn(home: string): NodeJS.ProcessEnv {
  return {
    // The wrappers are found there; helm and kustomize start nothing.
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: home,
    TMPDIR: home,
    XDG_CACHE_HOME: home,
    XDG_CONFIG_HOME: home,
    XDG_DATA_HOME: home,
    KUBECONFIG: '/dev/null',
    HTTP_PROXY: nowhere,
    HTTPS_PROXY: nowhere,
    ALL_PROXY: nowhere,
    NO_PROXY: '',
  };
}

async function succeeds([command = '', ...args]: string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'ignore' });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}
