import { invalidCursor, type DriftItem, type WatchDrift } from '@fairlead/shared/contracts';
import type { Signals } from '../../../platform/queue/queue.ts';
import { formatStreamPosition, parseStreamPosition, type StreamPosition } from '../domain/drift-cursor.ts';
import type { DriftStore } from './drift.store.ts';

const pageSize = 200;
/** Covers a lost signal. */
const pollMs = 10_000;
/** A transaction that began earlier still runs: what is behind it may be shown only after it. */
const behindMs = 100;

export interface DriftListener {
  next(event: { id: string; item: DriftItem }): void;
  /** The stream is over. */
  error(reason: unknown): void;
}

/** Streams items as they open and close, each change once and in commit order. */
export class DriftFeed {
  readonly #store: DriftStore;
  readonly #signals: Signals;

  constructor(options: { store: DriftStore; signals: Signals }) {
    this.#store = options.store;
    this.#signals = options.signals;
  }

  /**
   * Checks the query, and gives the function that begins the stream. That one begins at once and gives the function that ends
   * it. Throws `request.invalid-cursor`.
   */
  prepare(query: WatchDrift): (listener: DriftListener) => () => void {
    const from = query.lastEventId === undefined ? null : parseStreamPosition(query.lastEventId);
    if (query.lastEventId !== undefined && !from) throw invalidCursor();
    return (listener) => {
      const stream = new DriftStream(this.#store, { app: query.app, cluster: query.cluster }, from, listener);
      const stopListening = this.#signals.listen('drift-events', () => stream.wake());
      stream.wake();
      return () => {
        stopListening();
        stream.stop();
      };
    };
  }
}

class DriftStream {
  readonly #store: DriftStore;
  readonly #filter: { app?: string; cluster?: string };
  readonly #listener: DriftListener;
  #position: StreamPosition | null;
  #isStopped = false;
  #isReading = false;
  #isWoken = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    store: DriftStore,
    filter: { app: string | undefined; cluster: string | undefined },
    position: StreamPosition | null,
    listener: DriftListener,
  ) {
    this.#store = store;
    this.#filter = {
      ...(filter.app !== undefined && { app: filter.app }),
      ...(filter.cluster !== undefined && { cluster: filter.cluster }),
    };
    this.#position = position;
    this.#listener = listener;
  }

  wake(): void {
    this.#isWoken = true;
    if (this.#isReading || this.#isStopped) return;
    this.#isReading = true;
    clearTimeout(this.#timer);
    this.#drain().then(
      (pauseMs) => this.#rest(pauseMs),
      (error: unknown) => this.#fail(error),
    );
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  async #drain(): Promise<number> {
    this.#position ??= await this.#store.now();
    for (;;) {
      this.#isWoken = false;
      const { changes, readTo, isBehind } = await this.#store.readChanges({
        filter: this.#filter,
        after: this.#position,
        limit: pageSize,
      });
      if (this.#isStopped) return pollMs;
      for (const { position, item } of changes) {
        this.#position = position;
        this.#listener.next({ id: formatStreamPosition(position), item });
      }
      if (changes.length === pageSize) continue;
      // Past what the filter leaves out as well, so that it is not looked through again.
      this.#position = readTo;
      if (this.#isWoken) continue;
      return isBehind ? behindMs : pollMs;
    }
  }

  #rest(pauseMs: number): void {
    this.#isReading = false;
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => this.wake(), pauseMs);
    this.#timer.unref();
  }

  #fail(error: unknown): void {
    if (this.#isStopped) return;
    this.stop();
    this.#listener.error(error);
  }
}
