import { pause } from '../../kube/pause.ts';
import { apiVersionOf } from '../../kube/resource.ts';
import type { Resource } from '../../kube/resource.ts';
import { errorFields } from '../../logger.ts';
import { KindWatch } from './kind-watch.ts';
import type { WatchParts } from './kind-watch.ts';

interface Running {
  readonly watch: KindWatch;
  readonly abort: AbortController;
  /** Synced, or not soon. */
  readonly ready: Promise<void>;
  lastAskedAt: number;
}

// Whoever asked for a kind a moment ago may not have recorded its objects yet.
const graceMs = 60_000;
// What a watch knows makes an apply safer, not possible: a kind that hangs must not keep an app waiting.
const syncWaitMs = 5_000;

/** One metadata watch per kind that some app has. */
export class KindWatches {
  readonly #parts: WatchParts;
  readonly #running = new Map<string, Running>();

  constructor(parts: WatchParts) {
    this.#parts = parts;
  }

  /** Starts a watch if there is none yet; done when all objects of the kind were seen once, or after five seconds. */
  ensure(resource: Resource): Promise<void> {
    const key = keyOf(resource);
    const running = this.#running.get(key);
    if (running !== undefined) {
      running.lastAskedAt = performance.now();
      running.watch.retry();
      return running.ready;
    }
    const abort = new AbortController();
    const watch = new KindWatch(resource, this.#parts);
    watch.run(abort.signal).catch((error: unknown) => {
      this.#parts.log.error('a watch ended', { kind: resource.kind, ...errorFields(error) });
      this.#running.delete(key);
    });
    const waited = new AbortController();
    const ready = Promise.race([watch.synced, pause(syncWaitMs, waited.signal).catch(() => undefined)]).finally(() => {
      waited.abort();
    });
    this.#running.set(key, { watch, abort, ready, lastAskedAt: performance.now() });
    return ready;
  }

  /** Whether the API server lets nobody watch this kind with our rights. */
  isForbidden(resource: Resource): boolean {
    return this.#running.get(keyOf(resource))?.watch.isForbidden === true;
  }

  /** Ends the watches of kinds that no app has any more. */
  keepOnly(resources: readonly Resource[]): void {
    const wanted = new Set(resources.map(keyOf));
    const now = performance.now();
    for (const [key, { abort, lastAskedAt }] of this.#running) {
      if (wanted.has(key) || now - lastAskedAt < graceMs) continue;
      abort.abort(new Error('not needed any more'));
      this.#running.delete(key);
    }
  }

  stop(): void {
    for (const { abort } of this.#running.values()) abort.abort(new Error('the agent stops'));
    this.#running.clear();
  }
}

function keyOf(resource: Resource): string {
  return `${apiVersionOf(resource)}/${resource.plural}`;
}
