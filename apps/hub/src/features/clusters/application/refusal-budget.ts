/** Bounds how many refusals of strangers reach the ledger: it cannot be shortened, so nobody may make it grow at will. */
export class RefusalBudget {
  readonly #perMinute: number;
  #windowStartMs = 0;
  #taken = 0;

  constructor(options: { perMinute: number }) {
    this.#perMinute = options.perMinute;
  }

  /** Whether one more may be written now. */
  take(nowMs: number): boolean {
    if (nowMs - this.#windowStartMs >= 60_000) {
      this.#windowStartMs = nowMs;
      this.#taken = 0;
    }
    if (this.#taken >= this.#perMinute) return false;
    this.#taken += 1;
    return true;
  }
}
