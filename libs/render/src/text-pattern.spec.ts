import { compilePattern } from './text-pattern.ts';

describe('text patterns', () => {
  it('match whole texts only', () => {
    expect(compilePattern('a|ab')?.matches('ab')).toBe(true);
    expect(compilePattern('web')?.matches('web-2')).toBe(false);
    expect(compilePattern('w.b')?.matches('web')).toBe(true);
  });

  it('are null when they are no regular expressions', () => {
    expect(compilePattern('(a')).toBeNull();
    expect(compilePattern('(?=a)')).toBeNull();
  });

  it('take no longer for texts that make other engines try for hours', () => {
    expect(compilePattern('(a+)+b')?.matches('a'.repeat(5000))).toBe(false);
  });
});
