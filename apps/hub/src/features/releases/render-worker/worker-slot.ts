import type { ChildProcess } from 'node:child_process';
import type { ExternalOutput, ExternalRequest } from '@fairlead/render';
import { launchWorker } from './launch.ts';
import type { FileContent, FromWorker, ToWorker } from './protocol.ts';

/** Why a job has no result. `timeout` and `died` say nothing about the next try. */
export class WorkerFailure extends Error {
  readonly reason: 'timeout' | 'died' | 'broken';

  constructor(reason: 'timeout' | 'died' | 'broken', detail = '') {
    super(`render worker: ${reason}${detail === '' ? '' : `: ${detail}`}`);
    this.name = 'WorkerFailure';
    this.reason = reason;
  }
}

export interface SlotOptions {
  bundlePath: string;
  key: { keyId: string; key: Uint8Array };
  timeoutMs: number;
  /** Schemas by minor version, packed. */
  schemas: ReadonlyMap<string, Uint8Array>;
  /** Runs the external programs that renders ask for. */
  external: { run(request: ExternalRequest): Promise<ExternalOutput> };
}

/** The files of one commit and how to get at their contents. */
export interface TreeToRender {
  /** Names exactly these files, such as the commit. */
  id: string;
  files: ReadonlyMap<string, string>;
  load(contentIds: string[]): Promise<FileContent[]>;
}

type JobMessage = { [Kind in 'read-apps' | 'render']: Omit<Extract<ToWorker, { type: Kind }>, 'job' | 'tree'> }[
  'read-apps' | 'render'];
export type Job = JobMessage;
export type JobResult = Extract<FromWorker, { type: 'apps' | 'rendered' }>;

// How long the program itself may take to start; on a busy machine that is long, and no fault of the render.
const startTimeoutMs = 30_000;
const maxHeapMb = 256;
const maxRssBytes = 400 * 1024 * 1024;
const maxJobs = 5000;
// As many as the worker remembers (`rememberedTrees` in main.ts).
const rememberedTrees = 4;

/** One render worker process and its replacement when it is used up, killed or dead. Takes one job at a time. */
export class WorkerSlot {
  readonly #options: SlotOptions;
  #worker: RunningWorker | null = null;

  constructor(options: SlotOptions) {
    this.#options = options;
  }

  /** The process id of the present worker. */
  get pid(): number | undefined {
    return this.#worker?.child.pid;
  }

  /** Starts the worker ahead of its first job. */
  warm(): void {
    this.#worker ??= new RunningWorker(this.#options);
  }

  /** Runs a job to its end; throws WorkerFailure. A worker that does not answer in time is killed. */
  async run(tree: TreeToRender, job: Job): Promise<JobResult> {
    if (this.#worker?.isGone) this.#worker = null;
    this.warm();
    const worker = this.#worker;
    if (worker === null) throw new WorkerFailure('died');
    try {
      const result = await worker.run(tree, job, this.#options.timeoutMs);
      if (worker.jobs >= maxJobs || result.rssBytes > maxRssBytes) this.#replace();
      return result;
    } catch (error) {
      if (!(error instanceof WorkerFailure) || error.reason !== 'broken') this.#replace();
      throw error;
    }
  }

  close(): void {
    this.#worker?.kill();
    this.#worker = null;
  }

  #replace(): void {
    this.close();
    this.warm();
  }
}

class RunningWorker {
  readonly child: ChildProcess;
  jobs = 0;
  isGone = false;
  readonly #trees: string[] = [];
  readonly #sent = new Set<string>();
  readonly #external: SlotOptions['external'];
  readonly #schemas: SlotOptions['schemas'];
  readonly #minors = new Set<string>();
  readonly #ready: Promise<void>;
  #listener: ((message: FromWorker | null) => void) | null = null;

  constructor({ bundlePath, key, external, schemas }: SlotOptions) {
    this.#schemas = schemas;
    this.#external = external;
    this.child = launchWorker(bundlePath, { maxHeapMb });
    this.child.on('message', (message) => this.#listener?.(message as FromWorker));
    this.#ready = new Promise((resolve) => {
      this.child.once('message', () => resolve());
      this.child.once('exit', () => resolve());
      this.child.once('error', () => resolve());
      setTimeout(resolve, startTimeoutMs).unref();
    });
    const gone = () => {
      this.isGone = true;
      this.#listener?.(null);
    };
    this.child.on('exit', gone);
    this.child.on('error', gone);
    // The pipe keeps messages until the worker reads them, so there is no need to wait until it is ready.
    this.#send({ type: 'start', ...key });
    // An idle worker must not keep a stopping hub alive.
    this.child.unref();
    this.child.channel?.unref();
  }

  async run(tree: TreeToRender, job: Job, timeoutMs: number): Promise<JobResult> {
    this.jobs += 1;
    this.#giveTree(tree);
    this.#giveSchemas(job);
    if (job.type === 'read-apps') await this.#giveContents(tree, idsOf(tree, job.files));
    this.child.channel?.ref();
    await this.#ready;
    let deadline = performance.now() + timeoutMs;
    try {
      for (;;) {
        const answer = await this.#ask({ ...job, job: this.jobs, tree: tree.id }, deadline - performance.now());
        if (answer.type === 'apps' || answer.type === 'rendered') return answer;
        if (answer.type === 'broken') throw new WorkerFailure('broken', answer.message);
        if (answer.type === 'needs-external') {
          const startedAt = performance.now();
          await this.#giveOutputs(answer.requests);
          // External programs have a limit of their own.
          deadline += performance.now() - startedAt;
        }
        if (answer.type === 'needs' && !(await this.#giveContents(tree, answer.contentIds))) {
          throw new WorkerFailure('broken', 'it asked for the same contents twice');
        }
      }
    } finally {
      this.child.channel?.unref();
    }
  }

  kill(): void {
    // Not SIGTERM: a worker that is stuck or stopped would not hear it.
    this.child.kill('SIGKILL');
  }

  #ask(message: ToWorker & { job: number }, timeoutMs: number): Promise<FromWorker> {
    return new Promise<FromWorker>((resolve, reject) => {
      const timer = setTimeout(() => reject(new WorkerFailure('timeout')), Math.max(0, timeoutMs));
      this.#listener = (answer) => {
        if (answer === null) reject(new WorkerFailure('died'));
        else if (answer.type === 'ready' || answer.job !== message.job) return;
        else resolve(answer);
        clearTimeout(timer);
      };
      if (this.isGone) this.#listener(null);
      else this.#send(message);
    }).finally(() => {
      this.#listener = null;
    });
  }

  #giveSchemas(job: Job): void {
    if (job.type !== 'render') return;
    for (const { schemas: minor } of job.clusters) {
      const definitions = this.#schemas.get(minor);
      if (this.#minors.has(minor) || definitions === undefined) continue;
      this.#minors.add(minor);
      this.#send({ type: 'schemas', minor, definitions });
    }
  }

  #giveTree(tree: TreeToRender): void {
    if (this.#trees.includes(tree.id)) return;
    this.#trees.push(tree.id);
    this.#trees.splice(0, Math.max(0, this.#trees.length - rememberedTrees));
    this.#send({ type: 'tree', tree: tree.id, paths: [...tree.files.keys()], contentIds: [...tree.files.values()] });
  }

  /** False when there is nothing among them that the worker does not have. */
  async #giveContents(tree: TreeToRender, contentIds: readonly string[]): Promise<boolean> {
    const fresh = contentIds.filter((id) => !this.#sent.has(id));
    if (fresh.length === 0) return false;
    const contents = await tree.load(fresh);
    for (const { id } of contents) this.#sent.add(id);
    this.#send({ type: 'contents', contents });
    return true;
  }

  async #giveOutputs(requests: Extract<FromWorker, { type: 'needs-external' }>['requests']): Promise<void> {
    const outputs: Extract<ToWorker, { type: 'external' }>['outputs'] = [];
    // One after the other: other slots run theirs at the same time.
    for (const { key, request } of requests) outputs.push({ key, output: await this.#external.run(request) });
    this.#send({ type: 'external', outputs });
  }

  #send(message: ToWorker): void {
    if (this.isGone) return;
    // A failed write means that the worker is going; `exit` ends the job.
    this.child.send(message, () => undefined);
  }
}

function idsOf(tree: TreeToRender, files: readonly string[]): string[] {
  return files.flatMap((file) => tree.files.get(file) ?? []);
}
