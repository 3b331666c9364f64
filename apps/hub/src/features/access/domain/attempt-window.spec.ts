import { AttemptWindow, addressBucket } from './attempt-window.ts';

describe('attempt window', () => {
  const options = { limit: 2, windowMs: 1000, maxKeys: 3 };

  it('refuses the event after the limit and allows again in the next window', () => {
    const window = new AttemptWindow(options);
    expect([window.take('a', 0), window.take('a', 10), window.take('a', 20)]).toEqual([true, true, false]);
    expect(window.isExhausted('a', 999)).toBe(true);
    expect(window.isExhausted('a', 1000)).toBe(false);
    expect(window.take('a', 1000)).toBe(true);
  });

  it('counts keys apart', () => {
    const window = new AttemptWindow({ ...options, limit: 1 });
    expect([window.take('a', 0), window.take('b', 0), window.take('a', 1)]).toEqual([true, true, false]);
  });

  it('forgets the key whose window began first when there are too many', () => {
    const window = new AttemptWindow({ ...options, limit: 1 });
    for (const key of ['a', 'b', 'c', 'd']) window.take(key, 0);
    expect(window.isExhausted('a', 1)).toBe(false);
    expect(window.isExhausted('b', 1)).toBe(true);
  });
});

describe('address bucket', () => {
  it.each([
    ['10.0.0.7', '10.0.0.7'],
    ['::ffff:10.0.0.7', '10.0.0.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('%s counts as %s', (address, bucket) => {
    expect(addressBucket(address)).toBe(bucket);
  });
});
