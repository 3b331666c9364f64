import { nextTurnInMs } from './appointments.ts';

const never = Number.POSITIVE_INFINITY;

describe('the appointments of a loop', () => {
  it('ask for a turn when the first of them is due', () => {
    expect(nextTurnInMs([never, 150, 120], 100, 110)).toBe(11);
  });

  it('are not lost when they fall due while the loop turns', () => {
    expect(nextTurnInMs([105], 100, 110)).toBe(1);
  });

  it('that were due before the turn, and are still not done, do not make the loop spin', () => {
    expect(nextTurnInMs([100, 0], 100, 110)).toBeNull();
  });

  it('that are never due ask for nothing', () => {
    expect(nextTurnInMs([never, never], 0, 10)).toBeNull();
    expect(nextTurnInMs([], 0, 10)).toBeNull();
  });
});
