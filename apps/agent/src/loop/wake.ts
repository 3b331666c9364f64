/** Lets one loop sleep until something happens or some time has passed. Wake-ups while it is awake are not lost. */
export class Wake {
  #pending = true;
  #resume: (() => void) | null = null;
  #timer: NodeJS.Timeout | null = null;
  #dueAt = Number.POSITIVE_INFINITY;

  now(): void {
    this.#pending = true;
    this.#resume?.();
  }

  /** Wakes the loop at the latest after this time; an earlier appointment stays. */
  within(ms: number): void {
    const dueAt = performance.now() + ms;
    if (dueAt >= this.#dueAt) return;
    this.#dueAt = dueAt;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#dueAt = Number.POSITIVE_INFINITY;
      this.now();
    }, ms);
    this.#timer.unref();
  }

  async wait(): Promise<void> {
    if (!this.#pending) {
      await new Promise<void>((resolve) => {
        this.#resume = resolve;
      });
      this.#resume = null;
    }
    this.#pending = false;
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.now();
  }
}
