import type { RolloutTimers } from '../application/rollout-timers.ts';

const longestMs = 2 ** 31 - 1;

/** Timers in this process. They only remind: what is due is in the tables, and a restart finds it there. */
export class GroupTimers implements RolloutTimers {
  readonly #nowMs: () => number;
  readonly #goOff: (groupId: number) => void;
  readonly #timers = new Map<number, NodeJS.Timeout>();
  #isStopped = false;

  constructor(options: { nowMs: () => number; goOff: (groupId: number) => void }) {
    this.#nowMs = options.nowMs;
    this.#goOff = options.goOff;
  }

  arm(groupId: number, at: number | null): void {
    clearTimeout(this.#timers.get(groupId));
    this.#timers.delete(groupId);
    if (at === null || this.#isStopped) return;
    const waitMs = Math.min(longestMs, Math.max(0, at - this.#nowMs()));
    const timer = setTimeout(() => {
      this.#timers.delete(groupId);
      this.#goOff(groupId);
    }, waitMs);
    timer.unref();
    this.#timers.set(groupId, timer);
  }

  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
