import fc from 'fast-check';
import { formatListPosition, formatStreamPosition, parseListPosition, parseStreamPosition } from './drift-cursor.ts';

describe('drift cursors', () => {
  it('come back as they were given out', () => {
    const listed = { firstSeenAt: '2026-11-23T02:38:00.123456Z', id: 17 };
    expect(parseListPosition(formatListPosition(listed))).toEqual(listed);
    const streamed = { transaction: '18446744073709551', id: 3 };
    expect(parseStreamPosition(formatStreamPosition(streamed))).toEqual(streamed);
  });

  it('are refused in any other form', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseListPosition(text)).toBeNull();
        expect(parseStreamPosition(`${text}x`)).toBeNull();
      }),
    );
  });
});
