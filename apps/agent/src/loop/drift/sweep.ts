import { Wake } from '../wake.ts';

// However many objects there are.
const leastGapMs = 50;
const rethinkMs = 60_000;

export interface Sweepable {
  count(): number;
  /** Keys of all objects. */
  keys(): Iterable<string>;
  lookClosely(key: string): void;
}

/**
 * Has every object compared whole once in a long while, spread evenly: what only a dry run shows (a webhook or a schema that
 * changed, a value that somebody else holds as well) is found in the end. Never more than twenty objects a second.
 */
export class Sweep {
  readonly #objects: Sweepable;
  readonly #intervalMs: number;
  readonly #wake = new Wake();
  readonly #urgent = new Set<string>();
  #round: Iterator<string> = [].values();

  constructor(objects: Sweepable, intervalMs: number) {
    this.#objects = objects;
    this.#intervalMs = intervalMs;
  }

  /** Has these objects compared as soon as the rate allows. */
  hurry(keys: Iterable<string>): void {
    for (const key of keys) this.#urgent.add(key);
    this.#wake.now();
  }

  /** Ends with the signal. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener(
      'abort',
      () => {
        this.#wake.stop();
      },
      { once: true },
    );
    let lastAt = performance.now();
    while (!signal.aborted) {
      const gapMs = this.#urgent.size > 0 ? leastGapMs : this.#gapMs();
      const waitMs = lastAt + gapMs - performance.now();
      if (waitMs > 0) {
        // Objects may come meanwhile: then the gap is shorter.
        this.#wake.within(Math.min(waitMs, rethinkMs));
        await this.#wake.wait();
        continue;
      }
      lastAt = performance.now();
      this.#step();
    }
  }

  #step(): void {
    const [urgent] = this.#urgent;
    if (urgent !== undefined) {
      this.#urgent.delete(urgent);
      this.#objects.lookClosely(urgent);
      return;
    }
    let next = this.#round.next();
    if (next.done === true) {
      // By chance, or an agent that starts often would look at the same few again and again.
      this.#round = shuffled([...this.#objects.keys()]).values();
      next = this.#round.next();
    }
    if (next.done !== true) this.#objects.lookClosely(next.value);
  }

  #gapMs(): number {
    return Math.max(leastGapMs, this.#intervalMs / Math.max(1, this.#objects.count()));
  }
}

function shuffled(keys: string[]): string[] {
  for (let last = keys.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1));
    [keys[last], keys[other]] = [keys[other] as string, keys[last] as string];
  }
  return keys;
}
