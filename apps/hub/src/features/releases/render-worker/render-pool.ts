import type { ClusterToRender, ReadApp, RenderedApp } from './protocol.ts';
import { chooseMinor } from './kubernetes-schemas.ts';
import {
  WorkerFailure,
  WorkerSlot,
  type Job,
  type JobResult,
  type SlotOptions,
  type TreeToRender,
} from './worker-slot.ts';

// Few enough that one slow app does not starve others, many enough that clusters with equal inputs share a render.
const clustersPerJob = 25;
const rememberedApps = 20_000;
// Raise it whenever the same files may render to something else than before.
const renderVersion = 'builtin-3';

type FailedTarget = Extract<RenderedApp['targets'][number], { outcome: 'failed' }>;

/**
 * Reads and renders apps in worker processes, one per slot. A worker that hangs, crashes or grows too large takes only
 * its own job along: that is tried once more, cluster by cluster, so that one bad render fails alone.
 */
export class RenderPool {
  /** Results under another fingerprint are not to be taken over. */
  readonly fingerprint: string;
  readonly #slots: WorkerSlot[];
  readonly #idle: WorkerSlot[];
  readonly #waiting: ((slot: WorkerSlot) => void)[] = [];
  readonly #apps = new Map<string, ReadApp>();
  readonly #timeoutMs: number;
  readonly #minors: readonly string[];
  readonly #nowMs: () => number;

  constructor(options: SlotOptions & { workers: number; nowMs: () => number }) {
    this.#timeoutMs = options.timeoutMs;
    this.#nowMs = options.nowMs;
    this.#minors = [...options.schemas.keys()];
    this.fingerprint = `${renderVersion}/${options.key.keyId}`;
    this.#slots = Array.from({ length: options.workers }, () => new WorkerSlot(options));
    this.#idle = [...this.#slots];
  }

  /** The minor version whose schemas the objects of a cluster are held against. */
  schemasFor(kubernetesVersion: string | null): string {
    return chooseMinor(this.#minors, kubernetesVersion);
  }

  /** The day in UTC, `YYYY-MM-DD`. */
  today(): string {
    return new Date(this.#nowMs()).toISOString().slice(0, 10);
  }

  /** Process ids of the workers. */
  get pids(): number[] {
    return this.#slots.flatMap((slot) => slot.pid ?? []);
  }

  /** Starts the workers ahead of the first job; a hub that only serves never does. */
  warm(): void {
    for (const slot of this.#slots) slot.warm();
  }

  /** Reads `fairlead.yaml` files; each content at its place once. */
  async readApps(tree: TreeToRender, files: readonly string[]): Promise<ReadApp[]> {
    const keyOf = (file: string): string => `${tree.files.get(file) ?? ''} ${file}`;
    const read = new Map(files.map((file) => [file, this.#apps.get(keyOf(file))]));
    const unknown = files.filter((file) => read.get(file) === undefined);
    if (unknown.length > 0) {
      const result = await this.#runTwice(tree, { type: 'read-apps', files: unknown });
      for (const app of result.type === 'apps' ? result.apps : []) {
        read.set(app.file, app);
        this.#apps.set(keyOf(app.file), app);
      }
    }
    for (const oldest of [...this.#apps.keys()].slice(0, -rememberedApps)) this.#apps.delete(oldest);
    return files.flatMap((file) => read.get(file) ?? []);
  }

  /** Renders the app of `file` for every cluster. */
  async render(tree: TreeToRender, file: string, clusters: readonly ClusterToRender[]): Promise<RenderedApp> {
    const parts: Promise<RenderedApp>[] = [];
    for (let start = 0; start < clusters.length; start += clustersPerJob) {
      parts.push(this.#renderPart(tree, file, clusters.slice(start, start + clustersPerJob)));
    }
    return joinParts(await Promise.all(parts));
  }

  close(): void {
    for (const slot of this.#slots) slot.close();
  }

  async #renderPart(tree: TreeToRender, file: string, clusters: readonly ClusterToRender[]): Promise<RenderedApp> {
    try {
      const result = await this.#run(tree, { type: 'render', file, clusters: [...clusters] });
      if (result.type === 'rendered') return result.result;
      throw new WorkerFailure('broken', 'another answer than asked for');
    } catch (error) {
      if (!(error instanceof WorkerFailure)) throw error;
      if (clusters.length === 1) return this.#renderAgain(tree, file, clusters, error);
      return joinParts(await Promise.all(clusters.map((cluster) => this.#renderPart(tree, file, [cluster]))));
    }
  }

  /** The last try for one cluster. A time-out is final: the same work would take as long again. */
  async #renderAgain(
    tree: TreeToRender,
    file: string,
    clusters: readonly ClusterToRender[],
    first: WorkerFailure,
  ): Promise<RenderedApp> {
    if (first.reason !== 'died') return failedApp(file, this.#explain(first));
    try {
      const result = await this.#run(tree, { type: 'render', file, clusters: [...clusters] });
      return result.type === 'rendered' ? result.result : failedApp(file, this.#explain(first));
    } catch (error) {
      if (!(error instanceof WorkerFailure)) throw error;
      return failedApp(file, this.#explain(error));
    }
  }

  async #runTwice(tree: TreeToRender, job: Job): Promise<JobResult> {
    try {
      return await this.#run(tree, job);
    } catch (error) {
      if (!(error instanceof WorkerFailure) || error.reason !== 'died') throw error;
      return this.#run(tree, job);
    }
  }

  async #run(tree: TreeToRender, job: Job): Promise<JobResult> {
    const slot = this.#idle.pop() ?? (await new Promise<WorkerSlot>((take) => this.#waiting.push(take)));
    try {
      return await slot.run(tree, job);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(slot);
      else this.#idle.push(slot);
    }
  }

  #explain(failure: WorkerFailure): string {
    switch (failure.reason) {
      case 'timeout':
        return `rendering took longer than ${this.#timeoutMs / 1000} s and was stopped`;
      case 'died':
        return 'the render worker ended unexpectedly, perhaps for want of memory';
      case 'broken':
        return `rendering failed by a fault of the renderer (${failure.message})`;
    }
  }
}

function failedApp(file: string, message: string): RenderedApp {
  const failed: FailedTarget = {
    outcome: 'failed',
    errors: [{ file, line: null, column: null, message, hint: null }],
    trace: null,
    facts: [],
  };
  return { targets: [failed], traces: [], snapshots: [], blobs: [] };
}

function joinParts(parts: readonly RenderedApp[]): RenderedApp {
  const joined: RenderedApp = { targets: [], traces: [], snapshots: [], blobs: [] };
  const snapshots = new Map(parts.flatMap((part) => part.snapshots.map((each) => [each.digest, each])));
  const blobs = new Map(parts.flatMap((part) => part.blobs.map((each) => [each.digest, each])));
  for (const part of parts) {
    const shift = joined.traces.length;
    joined.traces.push(...part.traces);
    for (const target of part.targets) {
      if (target.trace === null) joined.targets.push(target);
      else joined.targets.push({ ...target, trace: target.trace + shift });
    }
  }
  return { ...joined, snapshots: [...snapshots.values()], blobs: [...blobs.values()] };
}
