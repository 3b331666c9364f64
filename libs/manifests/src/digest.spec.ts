import { objectDigest, sha256Hex, snapshotDigest } from './digest.ts';

describe('digests', () => {
  it('hash text and bytes alike', () => {
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(sha256Hex(new TextEncoder().encode('abc'))).toBe(sha256Hex('abc'));
  });

  it('of an object do not depend on the order of its fields', () => {
    expect(objectDigest({ kind: 'A', spec: { x: 1, y: 2 } })).toBe(objectDigest({ spec: { y: 2, x: 1 }, kind: 'A' }));
  });

  it('of a snapshot do not depend on the order of its objects, but on every one of them', () => {
    const one = { id: '/ConfigMap/a/x', digest: '1' };
    const two = { id: '/ConfigMap/a/y', digest: '2' };
    expect(snapshotDigest([one, two])).toBe(snapshotDigest([two, one]));
    expect(snapshotDigest([one])).not.toBe(snapshotDigest([one, two]));
    expect(snapshotDigest([{ ...one, digest: '2' }])).not.toBe(snapshotDigest([one]));
  });
});
