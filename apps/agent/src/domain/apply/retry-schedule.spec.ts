import { retryDelayMs } from './retry-schedule.ts';

const delays = (schedule: Parameters<typeof retryDelayMs>[0], count: number, random = 0) =>
  Array.from({ length: count }, (_, index) => retryDelayMs(schedule, index + 1, random));

describe('the schedule of retries', () => {
  it('never repeats what only another revision can help', () => {
    expect(delays('never', 2)).toEqual([Infinity, Infinity]);
  });

  it('[case 182] repeats a lost race for a quota five times at once, then patiently', () => {
    expect(delays('fast', 7)).toEqual([100, 100, 100, 100, 100, 2_000, 4_000]);
    expect(retryDelayMs('fast', 5, 0.99)).toBeLessThan(300);
  });

  it('[case 178] doubles from two seconds to a minute for a webhook that is down', () => {
    expect(delays('backoff', 7)).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    expect(retryDelayMs('backoff', 1, 0.99)).toBeLessThan(2_500);
    expect(retryDelayMs('backoff', 60, 0.99)).toBe(60_000);
  });

  it('asks after one to five minutes where a person has to change something', () => {
    expect(delays('slow', 4)).toEqual([60_000, 120_000, 240_000, 300_000]);
    expect(delays('rights', 3)).toEqual([300_000, 300_000, 300_000]);
  });

  it('comes back within seconds for what passes by itself, spread out', () => {
    expect(retryDelayMs('soon', 1, 0)).toBe(1_000);
    expect(retryDelayMs('soon', 50, 0.99)).toBeLessThan(11_000);
  });
});
