import { appLabel } from '../../domain/marks.ts';
import type { KubeClient } from '../../kube/kube-client.ts';
import { KubeError } from '../../kube/kube-error.ts';
import type { ObjectMeta } from '../../kube/object-meta.ts';
import { jitteredBackoffMs, pause } from '../../kube/pause.ts';
import { apiVersionOf } from '../../kube/resource.ts';
import type { Resource } from '../../kube/resource.ts';
import { errorFields } from '../../logger.ts';
import type { Logger } from '../../logger.ts';

export interface WatchListener {
  changed(resource: Resource, meta: ObjectMeta): void;
  deleted(resource: Resource, meta: Pick<ObjectMeta, 'namespace' | 'name'>): void;
  /** A list was read; objects of this kind that are not in it are gone. */
  listed(resource: Resource, present: ReadonlySet<string>): void;
}

interface Running {
  readonly resource: Resource;
  readonly abort: AbortController;
  readonly synced: Promise<void>;
  lastAskedAt: number;
}

// Whoever asked for a kind a moment ago may not have recorded its objects yet.
const graceMs = 60_000;

/** One metadata watch per kind that some app has, over the whole cluster, of objects that carry our label. */
export class KindWatches {
  readonly #kube: KubeClient;
  readonly #listener: WatchListener;
  readonly #log: Logger;
  readonly #running = new Map<string, Running>();

  constructor(kube: KubeClient, listener: WatchListener, log: Logger) {
    this.#kube = kube;
    this.#listener = listener;
    this.#log = log;
  }

  /** Starts a watch if there is none yet; done when all objects of the kind were seen once. */
  ensure(resource: Resource): Promise<void> {
    const key = `${apiVersionOf(resource)}/${resource.plural}`;
    const running = this.#running.get(key);
    if (running !== undefined) {
      running.lastAskedAt = performance.now();
      return running.synced;
    }
    const abort = new AbortController();
    const synced = new Promise<void>((resolve) => {
      void this.#follow(resource, abort.signal, resolve).finally(() => {
        if (this.#running.get(key)?.abort === abort) this.#running.delete(key);
        resolve();
      });
    });
    this.#running.set(key, { resource, abort, synced, lastAskedAt: performance.now() });
    return synced;
  }

  /** Ends the watches of kinds that no app has any more. */
  keepOnly(resources: readonly Resource[]): void {
    const wanted = new Set(resources.map((resource) => `${apiVersionOf(resource)}/${resource.plural}`));
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

  async #follow(resource: Resource, signal: AbortSignal, onSynced: () => void): Promise<void> {
    let from = '';
    let attempt = 0;
    while (!signal.aborted) {
      const startedAt = performance.now();
      try {
        if (from === '') {
          from = await this.#list(resource, signal);
          onSynced();
        }
        const end = await this.#kube.watchMeta(resource, { selector: appLabel, from, signal }, (type, meta) => {
          from = meta.resourceVersion;
          if (type === 'DELETED') this.#listener.deleted(resource, meta);
          else if (type !== 'BOOKMARK') this.#listener.changed(resource, meta);
        });
        if (end === 'expired') from = '';
        // A watch that ends at once, again and again, must not become a storm of requests.
        attempt = performance.now() - startedAt > 10_000 ? 0 : attempt + 1;
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof KubeError && error.status === 404) {
          // The kind itself is gone, and its objects with it.
          this.#listener.listed(resource, new Set());
          return;
        }
        if (error instanceof KubeError && error.failure === 'denied') {
          this.#log.warn('not allowed to watch a kind: changes of it are not seen', {
            kind: resource.kind,
            group: resource.group,
          });
          onSynced();
        }
        attempt += 1;
        this.#log.debug('watch broke', { kind: resource.kind, ...errorFields(error) });
      }
      if (attempt > 0)
        await pause(jitteredBackoffMs(attempt - 1, { firstMs: 200, mostMs: 5_000 }), signal).catch(() => undefined);
    }
  }

  async #list(resource: Resource, signal: AbortSignal): Promise<string> {
    const present = new Set<string>();
    const version = await this.#kube.listMeta(resource, { selector: appLabel, signal }, (meta) => {
      present.add(`${meta.namespace}/${meta.name}`);
      this.#listener.changed(resource, meta);
    });
    this.#listener.listed(resource, present);
    return version;
  }
}
