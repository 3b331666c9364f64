import { appLabel } from '../../domain/marks.ts';
import type { KubeClient } from '../../kube/kube-client.ts';
import { KubeError } from '../../kube/kube-error.ts';
import type { ObjectMeta } from '../../kube/object-meta.ts';
import { jitteredBackoffMs, pause } from '../../kube/pause.ts';
import { apiVersionOf } from '../../kube/resource.ts';
import type { Resource } from '../../kube/resource.ts';
import type { WatchEnd, WatchEventType } from '../../kube/watch.ts';
import { errorFields } from '../../logger.ts';
import type { Logger } from '../../logger.ts';
import { pollOnce } from './polling.ts';
import type { WatchListener } from './watch-listener.ts';

export interface WatchOptions {
  /** A stream that says nothing for so long is taken for dead, ms. */
  readonly silenceMs: number;
  /** Where watching is forbidden, each object is looked at once in this time, ms. */
  readonly pollIntervalMs: number;
}

export interface WatchParts {
  readonly kube: KubeClient;
  readonly listener: WatchListener;
  readonly log: Logger;
  readonly options: WatchOptions;
}

const relistMs = 30 * 60_000;
const streamSeconds = { least: 300, most: 600 };
// A stream that lived so long was a good one.
const goodMs = 10_000;
const backoff = { firstMs: 200, mostMs: 5_000 };
const goneBackoff = { firstMs: 1_000, mostMs: 30_000 };
const mostBroken = 3;
const discoveryTries = 20;
const discoveryGapMs = 500;

/**
 * The watch of one kind: objects that carry our label, over the whole cluster, metadata only. It goes on whatever happens to
 * its streams; a kind that is not served (any more) is asked for now and then, one that may not be watched is polled.
 */
export class KindWatch {
  readonly resource: Resource;
  /** Done when all objects of the kind were seen once, or when it is certain that they will not be for now. */
  readonly synced: Promise<void>;
  readonly #parts: WatchParts;
  #resolveSynced: () => void = () => undefined;
  /** Version to go on from; empty: begin anew with all that is there. */
  #from = '';
  #lists = false;
  #missed = false;
  #relistAt = 0;
  #attempt = 0;
  #broken = 0;
  #isForbidden = false;
  #isGone = false;
  #goneAskedAt = 0;
  #gone: AbortController | null = null;

  constructor(resource: Resource, parts: WatchParts) {
    this.resource = resource;
    this.#parts = parts;
    this.synced = new Promise((resolve) => {
      this.#resolveSynced = resolve;
    });
  }

  get isForbidden(): boolean {
    return this.#isForbidden;
  }

  /** Asks at once whether a kind that was not served is there now. */
  retry(): void {
    if (performance.now() - this.#goneAskedAt > goneBackoff.firstMs) this.#gone?.abort(new Error('asked again'));
  }

  /** Ends with the signal. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const startedAt = performance.now();
      let waitMs: number;
      try {
        const end = await this.#stream(signal);
        if (performance.now() - startedAt > goodMs) this.#attempt = 0;
        waitMs = this.#after(end);
      } catch (error) {
        if (signal.aborted) break;
        waitMs = await this.#afterError(error, signal);
      }
      // Streams that end at once, again and again, must not become a storm of requests.
      await pause(waitMs, signal).catch(() => undefined);
    }
    this.#resolveSynced();
  }

  #stream(signal: AbortSignal): Promise<WatchEnd> {
    if (this.#from !== '') return this.#follow(signal);
    return this.#lists ? this.#listAndFollow(signal) : this.#followFromNothing(signal);
  }

  async #listAndFollow(signal: AbortSignal): Promise<WatchEnd> {
    const { kube } = this.#parts;
    const present = new Set<string>();
    const version = await kube.listMeta(this.resource, { selector: appLabel, signal }, (meta) => {
      this.#see(present, meta);
    });
    this.#onSync(version, present, signal);
    return this.#follow(signal);
  }

  #followFromNothing(signal: AbortSignal): Promise<WatchEnd> {
    const present = new Set<string>();
    return this.#watch(null, signal, (type, meta) => {
      if (this.#from !== '') this.#deliver(type, meta);
      else if (type === 'SYNCED') this.#onSync(meta.resourceVersion, present, signal);
      else if (type === 'ADDED' || type === 'MODIFIED') this.#see(present, meta);
    });
  }

  #follow(signal: AbortSignal): Promise<WatchEnd> {
    return this.#watch(this.#from, signal, (type, meta) => {
      this.#deliver(type, meta);
    });
  }

  #watch(from: string | null, signal: AbortSignal, handler: (type: WatchEventType, meta: ObjectMeta) => void) {
    const { kube, options } = this.#parts;
    const untilRelist = Math.ceil((this.#relistAt - performance.now()) / 1_000);
    const atRandom = streamSeconds.least + Math.floor(Math.random() * (streamSeconds.most - streamSeconds.least));
    const timeoutSeconds = from === null ? atRandom : Math.max(1, Math.min(atRandom, untilRelist));
    return kube.watchMeta(
      this.resource,
      { selector: appLabel, from, silenceMs: options.silenceMs, timeoutSeconds, signal },
      handler,
    );
  }

  #deliver(type: WatchEventType, meta: ObjectMeta): void {
    this.#from = meta.resourceVersion;
    this.#broken = 0;
    if (type === 'DELETED') this.#parts.listener.deleted(this.resource, meta);
    else if (type === 'ADDED' || type === 'MODIFIED') this.#parts.listener.changed(this.resource, meta);
  }

  #see(present: Set<string>, meta: ObjectMeta): void {
    present.add(`${meta.namespace}/${meta.name}`);
    this.#parts.listener.changed(this.resource, meta);
  }

  #onSync(version: string, present: ReadonlySet<string>, signal: AbortSignal): void {
    const { listener } = this.#parts;
    this.#from = version;
    if (this.#isGone) void this.#tellReturn(signal);
    this.#isGone = false;
    this.#relistAt = performance.now() + relistMs * (0.8 + 0.4 * Math.random());
    this.#setForbidden(false);
    listener.listed(this.resource, present);
    if (this.#missed) listener.missed(this.resource);
    this.#missed = false;
    this.#resolveSynced();
  }

  /** How long to wait before the next stream. */
  #after(end: WatchEnd): number {
    switch (end) {
      case 'refused':
        this.#lists = true;
        return 0;
      case 'expired':
        this.#forget();
        break;
      case 'broken':
        this.#broken += 1;
        // Something at this version cannot be read: the list may go round it.
        if (this.#broken >= mostBroken) this.#forget();
        break;
      case 'closed':
        if (performance.now() >= this.#relistAt) this.#from = '';
    }
    this.#attempt += 1;
    return this.#attempt === 1 ? 0 : jitteredBackoffMs(this.#attempt - 2, backoff);
  }

  async #afterError(error: unknown, signal: AbortSignal): Promise<number> {
    this.#attempt += 1;
    const { listener, log } = this.#parts;
    const { kind, group } = this.resource;
    log.debug('watch broke', { kind, ...errorFields(error) });
    const waitMs = jitteredBackoffMs(this.#attempt - 1, backoff);
    if (!(error instanceof KubeError)) return waitMs;
    if (error.failure === 'expired') this.#forget();
    // A group whose server or webhook is away must not hold up the apps that have objects of it.
    else if (!error.concernsServer) this.#resolveSynced();
    if (error.status === 404) {
      // The kind itself is gone, and its objects with it.
      this.#from = '';
      if (!this.#isGone) listener.listed(this.resource, new Set());
      this.#isGone = true;
      this.#resolveSynced();
      await this.#pauseUntilAsked(signal);
      return 0;
    }
    if (error.status === 403) {
      this.#from = '';
      if (!this.#isForbidden) log.warn('not allowed to watch a kind: its objects are polled', { kind, group });
      this.#setForbidden(true);
      this.#resolveSynced();
      await pollOnce(this.resource, this.#parts, signal);
      return 0;
    }
    return Math.max(waitMs, error.retryAfterMs ?? 0);
  }

  /** Discovery is behind the kind itself: whoever plans must find it there. */
  async #tellReturn(signal: AbortSignal): Promise<void> {
    const { kube, listener, log } = this.#parts;
    const { kind } = this.resource;
    for (let attempt = 0; attempt < discoveryTries; attempt += 1) {
      try {
        if ((await kube.discover(apiVersionOf(this.resource), true)).has(kind)) break;
      } catch (error) {
        log.debug('a kind that is back was not discovered', { kind, ...errorFields(error) });
      }
      await pause(discoveryGapMs, signal).catch(() => undefined);
      if (signal.aborted) return;
    }
    listener.returned(this.resource);
  }

  /** The stream has a gap: begin anew, and look closely. */
  #forget(): void {
    this.#from = '';
    this.#broken = 0;
    this.#missed = true;
  }

  #setForbidden(isForbidden: boolean): void {
    if (this.#isForbidden === isForbidden) return;
    this.#isForbidden = isForbidden;
    this.#parts.listener.accessChanged(this.resource);
  }

  async #pauseUntilAsked(signal: AbortSignal): Promise<void> {
    this.#gone = new AbortController();
    this.#goneAskedAt = performance.now();
    const waitMs = 500 + jitteredBackoffMs(this.#attempt - 1, goneBackoff);
    await pause(waitMs, AbortSignal.any([signal, this.#gone.signal])).catch(() => undefined);
    this.#gone = null;
  }
}
