import { fitsNamePattern } from './name-pattern.ts';

describe('name patterns', () => {
  it.each([
    ['*', 'eu-1', true],
    ['eu-1', 'eu-1', true],
    ['eu-1', 'eu-10', false],
    ['eu-*', 'eu-1', true],
    ['eu-*', 'us-1', false],
    ['*-prod', 'eu-prod', true],
    ['*-prod', 'eu-prod-2', false],
    ['eu-*-prod', 'eu-1-prod', true],
    ['eu-*-prod', 'eu-prod', false],
    ['a*a', 'a', false],
    ['a*b*c', 'a1b2c', true],
    ['a*b*c', 'a1c2b', false],
    ['a.c', 'abc', false],
  ])('%s on %s: %s', (pattern, name, fits) => {
    expect(fitsNamePattern(name, pattern)).toBe(fits);
  });
});
