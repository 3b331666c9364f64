import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { nodeArguments, nodeBinary } from '../node-binary.mjs';
import type { RunFile } from './run-file.ts';

export interface ProgramOptions {
  readonly name: string;
  /** Bundle to run; its directory tells our processes from others. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly logFile: string;
  readonly runFile: RunFile;
  /** Sees every line before the log does; what it gives is written instead, null drops the line. */
  readonly filterLine?: (line: string) => string | null;
  /** It ended although nobody asked it to. */
  readonly onLost?: (how: string) => void;
}

const recentLines = 8;
const longestLine = 300;

/** A child process in a process group of its own, so that Ctrl-C reaches only us and we end things in order. */
export class Program {
  readonly #options: ProgramOptions;
  readonly #recent: string[] = [];
  #child: ChildProcess | null = null;
  #isStopping = false;

  constructor(options: ProgramOptions) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#child !== null;
  }

  /** What it said last, for a message about its end. */
  get lastWords(): string {
    return this.#recent.join('\n');
  }

  start(): void {
    const { name, program, args, env, logFile, runFile } = this.#options;
    mkdirSync(dirname(logFile), { recursive: true });
    const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
    this.#isStopping = false;
    const child = spawn(nodeBinary(), [...nodeArguments, program, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
      detached: true,
    });
    this.#child = child;
    if (child.pid !== undefined) runFile.add({ name, pid: child.pid, directory: dirname(program) });
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', (line) => this.#keep(line, log));
    }
    child.on('close', (code, signal) => {
      this.#child = null;
      runFile.remove(name);
      log.end();
      if (!this.#isStopping) this.#options.onLost?.(signal === null ? `exit code ${code}` : `signal ${signal}`);
    });
  }

  /** Asks it to end, and ends it when it does not within `withinMs`. */
  async stop(withinMs = 20_000): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    this.#isStopping = true;
    const isGone = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), withinMs);
    await isGone;
    clearTimeout(timer);
  }

  #keep(line: string, log: NodeJS.WritableStream): void {
    const kept = this.#options.filterLine === undefined ? line : this.#options.filterLine(line);
    if (kept === null) return;
    log.write(`${kept}\n`);
    if (kept.trim() === '') return;
    this.#recent.push(kept.length > longestLine ? `${kept.slice(0, longestLine)}…` : kept);
    if (this.#recent.length > recentLines) this.#recent.shift();
  }
}

/** All programs of a start, for ending them whatever step they were started in. */
export class Programs {
  readonly #runFile: RunFile;
  readonly #all: Program[] = [];

  constructor(runFile: RunFile) {
    this.#runFile = runFile;
  }

  start(options: Omit<ProgramOptions, 'runFile'>): Program {
    const program = new Program({ ...options, runFile: this.#runFile });
    this.#all.push(program);
    program.start();
    return program;
  }

  /** The first one, which the others need, is ended last. */
  async stop(): Promise<void> {
    const [first, ...others] = this.#all;
    await Promise.all(others.map((program) => program.stop()));
    await first?.stop();
  }
}
