/**
 * Counts events per key in fixed windows. Bounded: beyond `maxKeys` the longest known key is forgotten, so that an attacker
 * with many addresses can make the limit weaker but never the hub larger.
 */
export class AttemptWindow {
  readonly #limit: number;
  readonly #windowMs: number;
  readonly #maxKeys: number;
  readonly #counts = new Map<string, { startedMs: number; count: number }>();

  constructor(options: { limit: number; windowMs: number; maxKeys: number }) {
    this.#limit = options.limit;
    this.#windowMs = options.windowMs;
    this.#maxKeys = options.maxKeys;
  }

  /** Whether `key` has used up its window at `nowMs`. Counts nothing. */
  isExhausted(key: string, nowMs: number): boolean {
    return this.#current(key, nowMs) >= this.#limit;
  }

  /** Counts one event; false when the window was used up already. */
  take(key: string, nowMs: number): boolean {
    const count = this.#current(key, nowMs);
    if (count >= this.#limit) return false;
    const entry = this.#counts.get(key);
    if (entry && count > 0) entry.count += 1;
    else this.#start(key, nowMs);
    return true;
  }

  #current(key: string, nowMs: number): number {
    const entry = this.#counts.get(key);
    return entry && nowMs - entry.startedMs < this.#windowMs ? entry.count : 0;
  }

  #start(key: string, nowMs: number): void {
    // Deleting first moves the key to the end: the map stays ordered by start of window.
    this.#counts.delete(key);
    this.#counts.set(key, { startedMs: nowMs, count: 1 });
    if (this.#counts.size <= this.#maxKeys) return;
    for (const oldest of this.#counts.keys()) {
      this.#counts.delete(oldest);
      return;
    }
  }
}

/** What is counted as one caller: an IPv4 address, or the /64 that an IPv6 host can pick addresses from at will. */
export function addressBucket(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1]) return mapped[1];
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length);
  const groups = [...front, ...Array<string>(zeros).fill('0'), ...back];
  return `${groups.slice(0, 4).join(':')}::/64`;
}
