import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isOurProcess, killOurProcesses } from '../../test/bed/cluster/owned-process.ts';

interface Entry {
  readonly name: string;
  readonly pid: number;
  /** Its program is a file in this directory: a process id alone proves nothing, it may have been used again. */
  readonly directory: string;
}

interface Content {
  readonly owner: Entry;
  readonly programs: readonly Entry[];
}

/** Which processes belong to this start, for the next one to find if this one is killed. */
export class RunFile {
  readonly #path: string;
  readonly #owner: Entry;
  #programs: Entry[] = [];

  constructor(path: string, owner: Entry) {
    this.#path = path;
    this.#owner = owner;
  }

  /** Takes over from an earlier start: ends what it left. Gives its process id instead when it is still there. */
  async claim(): Promise<{ readonly runningPid: number } | { readonly cleaned: readonly string[] }> {
    const before = this.#read();
    if (before !== null && before.owner.pid !== process.pid && isOurProcess(before.owner.pid, before.owner.directory)) {
      return { runningPid: before.owner.pid };
    }
    const left = (before?.programs ?? []).filter(({ pid, directory }) => isOurProcess(pid, directory));
    // The hub is asked last: agents that lose it first would only report that.
    for (const { pid, directory } of left.reverse()) await killOurProcesses([pid], directory);
    this.#write();
    return { cleaned: left.map(({ name }) => name) };
  }

  add(entry: Entry): void {
    this.#programs = [...this.#programs.filter(({ name }) => name !== entry.name), entry];
    this.#write();
  }

  remove(name: string): void {
    this.#programs = this.#programs.filter((entry) => entry.name !== name);
    this.#write();
  }

  release(): void {
    rmSync(this.#path, { force: true });
  }

  #read(): Content | null {
    try {
      return JSON.parse(readFileSync(this.#path, 'utf8')) as Content;
    } catch {
      // Absent, or cut off when the machine stopped: nothing to know about an earlier start.
      return null;
    }
  }

  #write(): void {
    mkdirSync(dirname(this.#path), { recursive: true });
    const content: Content = { owner: this.#owner, programs: this.#programs };
    writeFileSync(`${this.#path}.new`, `${JSON.stringify(content, null, 2)}\n`);
    renameSync(`${this.#path}.new`, this.#path);
  }
}
