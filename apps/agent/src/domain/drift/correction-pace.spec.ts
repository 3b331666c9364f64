import { correctionDelayMs, recentCorrections } from './correction-pace.ts';

const minute = 60_000;

describe('the pace of corrections', () => {
  it('leaves the first correction free and slows down from the second on', () => {
    expect(correctionDelayMs([0], 0)).toBe(0);
    const delays = [2, 3, 4, 5].map((count) =>
      correctionDelayMs(
        Array.from({ length: count }, () => 0),
        0,
      ),
    );
    expect(delays).toEqual([15_000, 30_000, 60_000, 120_000]);
  });

  it('never allows more than ten in ten minutes', () => {
    const ten = Array.from({ length: 10 }, (_, index) => index * 1_000);
    expect(correctionDelayMs(ten, 20_000)).toBe(10 * minute - 20_000);
  });

  it('forgets what is older than ten minutes', () => {
    expect(recentCorrections([0, 5 * minute], 11 * minute)).toEqual([5 * minute]);
    expect(correctionDelayMs([0, 1, 2], 11 * minute)).toBe(0);
  });
});
