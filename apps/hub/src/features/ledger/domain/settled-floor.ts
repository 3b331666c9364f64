/**
 * Below which entry id nothing new can turn up. Ids are handed out before their transaction commits, so an id smaller than a
 * sealed one may appear later; but no transaction stays open for `settleMs`, so what was reached that long ago is complete.
 * Keeps the sealer from looking through the whole ledger each time.
 */
export class SettledFloor {
  readonly #settleMs: number;
  #floor = 0;
  #marks: { id: number; atMs: number }[] = [];

  constructor(settleMs: number) {
    this.#settleMs = settleMs;
  }

  /** The largest id that was visible at `nowMs`. */
  reached(id: number, nowMs: number): void {
    const last = this.#marks.at(-1);
    // A few marks per settling time are enough: the floor may lag, never lead.
    if (last && nowMs - last.atMs < this.#settleMs / 10) return;
    this.#marks.push({ id, atMs: nowMs });
  }

  /** Entries up to this id need no look at `nowMs`. */
  at(nowMs: number): number {
    while (this.#marks[0] && nowMs - this.#marks[0].atMs >= this.#settleMs) {
      this.#floor = Math.max(this.#floor, this.#marks[0].id);
      this.#marks.shift();
    }
    return this.#floor;
  }
}
