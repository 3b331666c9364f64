import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { gitEnvironment } from './git-command.ts';
import { localFailure } from './git.errors.ts';

/** One object, or why there is none: git does not have it, or it is larger than asked for (then with its size). */
export type GitObject =
  | { status: 'found'; oid: string; type: string; content: Buffer }
  | { status: 'too-large'; oid: string; size: number }
  | { status: 'missing' };

interface Request {
  name: string;
  maxBytes: number;
  resolve: (object: GitObject) => void;
  reject: (error: Error) => void;
}

interface Body {
  oid: string;
  type: string;
  size: number;
  /** Null when the object is skipped because it is too large. */
  content: Buffer | null;
  filled: number;
}

/**
 * Reads objects of one repository through a long-lived `git cat-file --batch`. The process is started by the first
 * read, ends itself when idle and is started anew when it died; reads that were under way then fail with `git.failed`.
 */
export class CatFile {
  readonly #directory: string;
  readonly #idleMs: number;
  #child: ChildProcessWithoutNullStreams | null = null;
  #idleTimer: NodeJS.Timeout | undefined;
  #waiting: Request[] = [];
  #rest: Buffer = Buffer.alloc(0);
  #body: Body | null = null;

  constructor(directory: string, options: { idleMs: number }) {
    this.#directory = directory;
    this.#idleMs = options.idleMs;
  }

  /** The process id of the reader, if one runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  read(name: string, maxBytes: number): Promise<GitObject> {
    if (/\s/.test(name)) return Promise.resolve({ status: 'missing' });
    return new Promise((resolve, reject) => {
      const child = this.#child ?? this.#start();
      clearTimeout(this.#idleTimer);
      this.#waiting.push({ name, maxBytes, resolve, reject });
      child.stdin.write(`${name}\n`);
    });
  }

  close(): void {
    clearTimeout(this.#idleTimer);
    const child = this.#child;
    this.#child = null;
    child?.stdin.end();
    child?.kill();
    this.#fail(localFailure('the reader was closed'));
  }

  #start(): ChildProcessWithoutNullStreams {
    const child = spawn('git', ['cat-file', '--batch'], { cwd: this.#directory, env: gitEnvironment() });
    this.#child = child;
    this.#rest = Buffer.alloc(0);
    this.#body = null;
    const died = (cause?: unknown) => {
      if (this.#child !== child) return;
      this.#child = null;
      this.#fail(localFailure('the object reader ended', cause));
    };
    child.on('error', died);
    child.on('exit', () => died());
    // A write after the process died; `exit` tells the readers.
    child.stdin.on('error', died);
    child.stdout.on('data', (chunk: Buffer) => {
      if (this.#child === child) this.#take(chunk);
    });
    child.stderr.resume();
    return child;
  }

  #fail(error: Error): void {
    for (const request of this.#waiting.splice(0)) request.reject(error);
  }

  #take(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length > 0) {
      if (this.#body === null ? !this.#takeHeader() : !this.#takeBody(this.#body)) break;
    }
    if (this.#waiting.length === 0) {
      this.#idleTimer = setTimeout(() => this.close(), this.#idleMs).unref();
    }
  }

  #takeHeader(): boolean {
    const end = this.#rest.indexOf(10);
    if (end < 0) return false;
    const header = this.#rest.toString('utf8', 0, end);
    this.#rest = this.#rest.subarray(end + 1);
    const [oid = '', type = '', size = ''] = header.split(' ');
    if (!/^\d+$/.test(size)) {
      this.#waiting.shift()?.resolve({ status: 'missing' });
      return true;
    }
    const bytes = Number(size);
    const wanted = bytes <= (this.#waiting[0]?.maxBytes ?? 0);
    this.#body = { oid, type, size: bytes, content: wanted ? Buffer.allocUnsafe(bytes) : null, filled: 0 };
    return true;
  }

  /** Takes content and the line feed that git writes after it. */
  #takeBody(body: Body): boolean {
    const here = Math.min(body.size - body.filled, this.#rest.length);
    body.content?.set(this.#rest.subarray(0, here), body.filled);
    body.filled += here;
    this.#rest = this.#rest.subarray(here);
    if (body.filled < body.size || this.#rest.length === 0) return false;
    this.#rest = this.#rest.subarray(1);
    this.#body = null;
    const { oid, type, size, content } = body;
    this.#waiting
      .shift()
      ?.resolve(content === null ? { status: 'too-large', oid, size } : { status: 'found', oid, type, content });
    return true;
  }
}
