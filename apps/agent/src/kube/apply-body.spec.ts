import { parseExactJson } from '@fairlead/manifests';
import { applyBody } from './apply-body.ts';

describe('the body of an apply request', () => {
  it('escapes what a YAML parser would refuse or change, and means the same', () => {
    const value = { text: 'a\u007fb\u0085c\u009fd\u2028e\ufefff', plain: 'größe 😀\ttab' };
    const body = applyBody(value);
    expect(body).toMatch(/^[^\u007f-\u009f\u2028\u2029\ufeff]*$/);
    expect(JSON.parse(body)).toEqual(value);
  });

  it('keeps integers that JavaScript cannot hold', () => {
    expect(applyBody(parseExactJson('{"big":12345678901234567890}'))).toBe('{"big":12345678901234567890}');
  });
});
