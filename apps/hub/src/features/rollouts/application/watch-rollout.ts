import { invalidCursor } from '@fairlead/shared/contracts';
import type { Signals } from '../../../platform/queue/queue.ts';
import type { RolloutEvent, RolloutReader } from './rollout.reader.ts';

const pageSize = 200;
/** Covers a lost signal. */
const pollMs = 5000;

export interface RolloutListener {
  next(event: RolloutEvent): void;
  error(reason: unknown): void;
}

/** Streams what happened in a rollout, from its beginning or behind the last event seen, and then what happens. */
export class RolloutFeed {
  readonly #reader: RolloutReader;
  readonly #signals: Signals;

  constructor(options: { reader: RolloutReader; signals: Signals }) {
    this.#reader = options.reader;
    this.#signals = options.signals;
  }

  /** Begins at once; returns the function that ends it. */
  watch(rolloutId: number, lastEventId: string | undefined, listener: RolloutListener): () => void {
    const given = lastEventId === undefined || lastEventId === '' ? '0' : lastEventId;
    if (!/^\d{1,15}$/.test(given)) throw invalidCursor();
    const stream = new RolloutStream(this.#reader, { id: rolloutId, afterId: Number(given) }, listener);
    const stopListening = this.#signals.listen('rollout-events', (key) => {
      if (key === String(rolloutId)) stream.wake();
    });
    stream.wake();
    return () => {
      stopListening();
      stream.stop();
    };
  }
}

// Events of one rollout are written under its group's lock, so their ids are in the order of commits.
class RolloutStream {
  readonly #reader: RolloutReader;
  readonly #listener: RolloutListener;
  readonly #id: number;
  #afterId: number;
  #isStopped = false;
  #isReading = false;
  #isWoken = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(reader: RolloutReader, from: { id: number; afterId: number }, listener: RolloutListener) {
    this.#reader = reader;
    this.#listener = listener;
    this.#id = from.id;
    this.#afterId = from.afterId;
  }

  wake(): void {
    this.#isWoken = true;
    if (this.#isReading || this.#isStopped) return;
    this.#isReading = true;
    clearTimeout(this.#timer);
    this.#drain().then(
      () => this.#rest(),
      (error: unknown) => this.#fail(error),
    );
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  async #drain(): Promise<void> {
    while (this.#isWoken && !this.#isStopped) {
      this.#isWoken = false;
      const events = await this.#reader.readEvents({ id: this.#id, afterId: this.#afterId, limit: pageSize });
      if (this.#isStopped) return;
      for (const event of events) {
        this.#afterId = event.id;
        this.#listener.next(event);
      }
      if (events.length === pageSize) this.#isWoken = true;
    }
  }

  #rest(): void {
    this.#isReading = false;
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => this.wake(), pollMs);
    this.#timer.unref();
  }

  #fail(error: unknown): void {
    if (this.#isStopped) return;
    this.stop();
    this.#listener.error(error);
  }
}
