/**
 * When an object that could not be applied is tried again.
 * `never`: not before another revision. `fast`: at once, a few times. `soon`: what takes seconds to pass. `backoff`: what
 * may take minutes. `slow`: what somebody has to change. `rights`: as slow, and the server is asked whether it makes sense.
 */
export type RetrySchedule = 'never' | 'fast' | 'soon' | 'backoff' | 'slow' | 'rights';

const fastRetries = 5;

/** Time until the next try in ms, after so many failures in a row; `random` is between 0 and 1. Infinite: never. */
export function retryDelayMs(schedule: RetrySchedule, failures: number, random: number): number {
  const growth = 2 ** Math.min(20, Math.max(0, failures - 1));
  switch (schedule) {
    case 'never':
      return Number.POSITIVE_INFINITY;
    case 'fast':
      return failures <= fastRetries ? 100 + 200 * random : retryDelayMs('backoff', failures - fastRetries, random);
    case 'soon':
      return 1_000 + random * Math.min(10_000, 500 * growth);
    case 'backoff':
      // Spread upwards only: the first retry comes after two seconds or more.
      return Math.min(60_000, 2_000 * growth * (1 + random / 4));
    case 'slow':
      return Math.min(300_000, 60_000 * growth * (1 + random / 4));
    case 'rights':
      return 300_000;
  }
}
