import { type ChildProcess, type StdioOptions, spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { BedError } from '../bed-error.ts';
import { isOurProcess, signalOurProcess } from './owned-process.ts';

export interface ComponentOptions {
  readonly name: string;
  readonly binary: string;
  readonly args: readonly string[];
  readonly directory: string;
  /** Leave it running when this process ends. Otherwise it ends with this process, also a killed one where the system allows. */
  readonly background: boolean;
}

/** One program of a cluster, which can be stopped, killed, frozen and started again with the same arguments. */
export class Component {
  readonly name: string;
  readonly #options: ComponentOptions;
  /** Ours to ask when we started it; of an adopted one there is only the process id. */
  #child: ChildProcess | undefined;
  #adoptedPid: number | undefined;

  constructor(options: ComponentOptions) {
    this.name = options.name;
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid ?? this.#adoptedPid;
  }

  isRunning(): boolean {
    const child = this.#child;
    if (child !== undefined) return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
    return this.pid !== undefined && isOurProcess(this.pid, this.#options.directory);
  }

  start(): void {
    if (this.isRunning()) return;
    const { binary, args, directory, background } = this.#options;
    const log = openSync(this.#logFile(), 'a');
    const stdio: StdioOptions = ['ignore', log, log];
    const child =
      background || !hasParentDeathSignal
        ? spawn(binary, args, { cwd: directory, stdio, detached: background })
        : spawn('setpriv', ['--pdeathsig', 'KILL', binary, ...args], { cwd: directory, stdio });
    closeSync(log);
    child.once('error', () => undefined);
    child.unref();
    this.#child = child;
    if (!background) killAtExit(child);
  }

  /** Stands for a program that another process started. */
  adopt(pid: number | undefined): void {
    this.#child = undefined;
    this.#adoptedPid = pid;
  }

  signal(signal: NodeJS.Signals): boolean {
    if (!this.isRunning()) return false;
    if (this.#child !== undefined) return this.#child.kill(signal);
    return this.pid !== undefined && signalOurProcess(this.pid, this.#options.directory, signal);
  }

  /** Ends it and waits; a frozen one is woken first, and one that does not end within the time is killed. */
  async end(signal: 'SIGTERM' | 'SIGKILL', withinMs = 20_000): Promise<void> {
    if (!this.signal(signal)) return;
    this.signal('SIGCONT');
    if (await this.#isGone(withinMs)) return;
    this.signal('SIGKILL');
    await this.#isGone(10_000);
  }

  /** Throws with the end of its log when it is not running. */
  assertRunning(): void {
    if (this.isRunning()) return;
    throw new BedError(`${this.name} has ended (${this.#logFile()}):\n${this.logTail()}`);
  }

  logTail(): string {
    try {
      return readFileSync(this.#logFile(), 'utf8').slice(-2_000);
    } catch {
      return '';
    }
  }

  async #isGone(withinMs: number): Promise<boolean> {
    const deadline = Date.now() + withinMs;
    while (this.isRunning()) {
      if (Date.now() > deadline) return false;
      await pause(20);
    }
    return true;
  }

  #logFile(): string {
    return join(this.#options.directory, `${this.name}.log`);
  }
}

// Lets the kernel end a child when this process is killed and can no longer do it.
const hasParentDeathSignal =
  process.platform === 'linux' && spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true']).status === 0;

const children = new Set<ChildProcess>();
let killsAtExit = false;

function killAtExit(child: ChildProcess): void {
  if (!killsAtExit) process.once('exit', () => children.forEach((each) => each.kill('SIGKILL')));
  killsAtExit = true;
  children.add(child);
  child.once('exit', () => children.delete(child));
}
