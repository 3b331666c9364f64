import { formatSealed, isSealed, normalizeSecret, parseSealed } from './sealed-secret.ts';

const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' } };

describe('Secrets', () => {
  it('get their stringData merged into data, as the API server does it', () => {
    const merged = normalizeSecret({ ...secret, data: { a: 'b2xk', b: 'Yg==' }, stringData: { a: 'new', ü: 'ü' } });
    expect(merged).toEqual({ ...secret, data: { a: 'bmV3', b: 'Yg==', ü: 'w7w=' } });
  });

  it('keep values that are sealed already', () => {
    const sealed = formatSealed({ keyId: 'k1', ciphertext: 'AAAA' });
    expect(normalizeSecret({ ...secret, stringData: { a: sealed } })['data']).toEqual({ a: sealed });
  });

  it('are the only kind that is touched', () => {
    const other = { apiVersion: 'example.dev/v1', kind: 'Secret', metadata: { name: 's' }, stringData: { a: 'b' } };
    expect(normalizeSecret(other)).toBe(other);
  });

  it('have sealed values that say which key opens them', () => {
    expect(parseSealed('sealed:v1:k1:AAAA')).toEqual({ keyId: 'k1', ciphertext: 'AAAA' });
    expect(parseSealed('sealed:v1:k1:not base64')).toBeNull();
    expect(isSealed('sealed:v1:k1:AAAA')).toBe(true);
    expect(isSealed('c2VhbGVk')).toBe(false);
  });
});
