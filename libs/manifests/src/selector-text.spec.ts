import { parseSelectorText, SelectorTextError } from './selector-text.ts';

const labels = { app: 'shop', tier: 'web', 'example.dev/x': '' };

describe('selector texts', () => {
  it.each([
    ['', true],
    ['app=shop', true],
    ['app==shop,tier!=db', true],
    ['app != shop', false],
    ['other!=x', true],
    ['tier in (web, api)', true],
    ['tier notin (web)', false],
    ['missing notin (web)', true],
    ['example.dev/x', true],
    ['!missing, app', true],
    ['!app', false],
    ['example.dev/x=', true],
  ])('"%s" selects: %s', (text, expected) => {
    expect(parseSelectorText(text)(labels)).toBe(expected);
  });

  it.each(['a=b=c', 'a in web', ',', 'a b'])('refuses "%s"', (text) => {
    expect(() => parseSelectorText(text)).toThrow(SelectorTextError);
  });
});
