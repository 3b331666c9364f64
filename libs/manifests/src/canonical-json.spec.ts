import { canonicalJson, parseExactJson } from './canonical-json.ts';

describe('canonical JSON', () => {
  it('has the same text for maps that differ only in the order of their keys', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: true })).toBe('{"a":true,"b":[1,{"c":"x","d":null}]}');
    expect(canonicalJson({ a: 1, b: 2 })).toBe(canonicalJson({ b: 2, a: 1 }));
  });

  it('writes integers beyond 2^53 with all their digits', () => {
    expect(canonicalJson({ a: 12345678901234567890n })).toBe('{"a":12345678901234567890}');
  });

  it('reads integers beyond 2^53 exactly, so that a round trip changes nothing', () => {
    const text = '{"big":9007199254740993,"float":1.5,"large":-12345678901234567890,"small":7}';
    const value = parseExactJson(text);
    expect(value).toEqual({ big: 9007199254740993n, float: 1.5, large: -12345678901234567890n, small: 7 });
    expect(canonicalJson(value)).toBe(text);
  });

  it('refuses numbers that JSON cannot hold', () => {
    expect(() => canonicalJson(Number.POSITIVE_INFINITY)).toThrow(RangeError);
  });
});
