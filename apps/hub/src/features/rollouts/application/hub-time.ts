import type { Clock } from '../../../platform/clock/clock.ts';

const toleranceMs = 5000;

export interface HubInstant {
  readonly now: number;
  readonly hubStartedAt: number;
  readonly clockJumpedAt: number | null;
}

/** The time, how long this process has been there by a clock that never jumps, and whether the wall clock has jumped. */
export class HubTime {
  readonly #clock: Clock;
  readonly #uptimeMs: () => number;
  #last: { wall: number; uptime: number };
  #jumpedAt: number | null = null;

  constructor(options: { clock: Clock; uptimeMs: () => number }) {
    this.#clock = options.clock;
    this.#uptimeMs = options.uptimeMs;
    this.#last = { wall: options.clock.nowMs(), uptime: options.uptimeMs() };
  }

  read(): HubInstant {
    const wall = this.#clock.nowMs();
    const uptime = this.#uptimeMs();
    const drift = wall - this.#last.wall - (uptime - this.#last.uptime);
    if (Math.abs(drift) > toleranceMs) this.#jumpedAt = wall;
    this.#last = { wall, uptime };
    return { now: wall, hubStartedAt: wall - uptime, clockJumpedAt: this.#jumpedAt };
  }
}
