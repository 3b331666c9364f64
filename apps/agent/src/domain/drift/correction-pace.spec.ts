import { isContended, nextCorrectionAt, recentCorrections } from './correction-pace.ts';

const second = 1_000;
const minute = 60_000;

describe('the pace of corrections', () => {
  it('leaves the first and the second correction free, and waits longer and longer from the third on', () => {
    expect(nextCorrectionAt([], 7)).toBe(7);
    expect(nextCorrectionAt([0], 7)).toBe(7);
    const delays = [2, 3, 4, 5].map((count) =>
      nextCorrectionAt(
        Array.from({ length: count }, () => 0),
        0,
      ),
    );
    expect(delays).toEqual([15_000, 30_000, 60_000, 120_000]);
  });

  it('calls it a fight at the third difference within ten minutes', () => {
    expect(isContended([0], second)).toBe(false);
    expect(isContended([0, second], 2 * second)).toBe(true);
    expect(isContended([0, second], 10 * minute + 2 * second)).toBe(false);
  });

  it('forgets what is older than ten minutes', () => {
    expect(recentCorrections([0, 5 * minute], 11 * minute)).toEqual([5 * minute]);
    expect(nextCorrectionAt([0, 1, 2], 11 * minute)).toBe(11 * minute);
  });

  it('[case 101] bounds the writes of a fight of hours, and lets no ten minutes have more than ten', () => {
    const writes: number[] = [];
    let corrections: readonly number[] = [];
    for (let now = 0; now < 180 * minute; now += second) {
      // Somebody changes the field every second: it always differs.
      if (nextCorrectionAt(corrections, now) > now) continue;
      corrections = [...recentCorrections(corrections, now), now];
      writes.push(now);
    }
    const inWindow = writes.map((from) => writes.filter((at) => at >= from && at < from + 10 * minute).length);
    expect(Math.max(...inWindow)).toBeLessThanOrEqual(10);
    expect(writes.length).toBeLessThan(18 * 10);
    expect(writes.slice(0, 3)).toEqual([0, second, 16 * second]);
  });
});
