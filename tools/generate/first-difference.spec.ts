import { firstDifference } from './first-difference.ts';

describe('the difference between a generated file and its sources', () => {
  it('shows the line, what is there and what should be', () => {
    expect(firstDifference('a\nb\nc\n', 'a\nx\nc\n')).toBe('  line 2, 4 lines instead of 4\n    a\n  - b\n  + x');
  });

  it('shows a file that is not there', () => {
    expect(firstDifference('', 'a\n')).toContain('  + a');
  });
});
