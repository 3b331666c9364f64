import { formatAge, parseDurationMs } from './duration.ts';

describe('durations', () => {
  it('reads one unit and several', () => {
    expect(parseDurationMs('10m')).toBe(600_000);
    expect(parseDurationMs('1h30m')).toBe(5_400_000);
    expect(parseDurationMs('250ms')).toBe(250);
  });

  it('refuses what is not a duration', () => {
    for (const text of ['', '10', 'm', '1.5h', '-3s', '10 m']) expect(parseDurationMs(text)).toBeNull();
  });

  it('shows an age in the unit a person would use', () => {
    expect([3_000, 300_000, 7_200_000, 345_600_000].map(formatAge)).toEqual(['3 s', '5 min', '2 h', '4 d']);
  });
});
