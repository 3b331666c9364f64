import { parseCount, parseDuration, parseLabelChanges, parseLabels } from './arguments.ts';

describe('arguments of commands', () => {
  it('reads labels', () => {
    expect(parseLabels('env=prod,region=eu')).toEqual({ env: 'prod', region: 'eu' });
    expect(parseLabels('')).toEqual({});
    expect(() => parseLabels('env')).toThrow('Labels are written key=value,key=value');
  });

  it('reads changes of labels, a minus takes one away', () => {
    expect(parseLabelChanges(['env=prod', 'region-', 'note=a-'])).toEqual({ env: 'prod', region: null, note: 'a-' });
  });

  it('refuses what is no duration or no count', () => {
    expect(parseDuration('1h30m')).toBe(5_400_000);
    expect(() => parseDuration('soon')).toThrow('A duration is written like');
    expect(parseCount('12')).toBe(12);
    for (const text of ['0', '-1', '1.5', 'x', '']) expect(() => parseCount(text)).toThrow('A number above zero');
  });
});
