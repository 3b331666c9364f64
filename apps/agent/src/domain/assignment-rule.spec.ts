import { judgeAssignment } from './assignment-rule.ts';

const current = { counter: 3, digest: 'a', confirmedPrune: null };

describe('an assignment that comes', () => {
  it.each([
    ['the first', null, current, 'adopt'],
    ['a newer counter', current, { ...current, counter: 4 }, 'adopt'],
    ['an older counter', current, { ...current, counter: 2, confirmedPrune: 'h' }, 'ignore'],
    ['the same counter with another digest', current, { ...current, digest: 'b' }, 'ignore'],
    ['the same again', current, current, 'repeat'],
    ['the same with an agreement', current, { ...current, confirmedPrune: 'h' }, 'confirm'],
    [
      'the same with the same agreement',
      { ...current, confirmedPrune: 'h' },
      { ...current, confirmedPrune: 'h' },
      'repeat',
    ],
    [
      'the same with another agreement',
      { ...current, confirmedPrune: 'h' },
      { ...current, confirmedPrune: 'i' },
      'confirm',
    ],
    ['the same from before the agreement', { ...current, confirmedPrune: 'h' }, current, 'repeat'],
  ] as const)('%s', (_, have, next, verdict) => {
    expect(judgeAssignment(have, next)).toBe(verdict);
  });
});
