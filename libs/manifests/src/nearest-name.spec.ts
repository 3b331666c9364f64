import { nearestName } from './nearest-name.ts';

describe('nearest name', () => {
  it.each([
    ['patchs', 'patches'],
    ['resource', 'resources'],
    ['nameprefix', 'namePrefix'],
    ['rollotu', 'rollout'],
  ])('takes "%s" for "%s"', (word, meant) => {
    expect(nearestName(word, ['patches', 'path', 'resources', 'namePrefix', 'rollout'])).toBe(meant);
  });

  it('says nothing when no name is close', () => {
    expect(nearestName('zebra', ['patches', 'resources'])).toBeNull();
  });
});
