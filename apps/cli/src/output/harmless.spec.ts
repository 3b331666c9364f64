import { harmless, harmlessJson } from './harmless.ts';

describe('text from clusters', () => {
  it('cannot steer the terminal', () => {
    const log = 'ok\u001b[2J\u001b]0;title\u0007\r\u009b31m\u202e!\n\tnext';
    expect(harmless({ log: [log] })).toEqual({ log: ['ok\\x1b[2J\\x1b]0;title\\x07\\x0d\\x9b31m\\u202e!\n\tnext'] });
    expect(harmless({ '\u001b': 1, n: null, t: true })).toEqual({ '\\x1b': 1, n: null, t: true });
  });

  it('is the same value for programs', () => {
    const value = { log: 'a\u009b\u001b\u202eb' };
    const json = harmlessJson(JSON.stringify(value));
    expect(json).toMatch(/^[\x20-\x7e]*$/);
    expect(JSON.parse(json)).toEqual(value);
  });
});
