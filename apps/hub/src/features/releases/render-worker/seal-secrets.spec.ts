import { createHmac } from 'node:crypto';
import { gcmsiv } from '@noble/ciphers/aes.js';
import { fieldAt, parseSealed, type KubeObject } from '@fairlead/manifests';
import { SecretSealer } from './seal-secrets.ts';

const key = new Uint8Array(32).fill(9);
const secret = (data: KubeObject['data']): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 's' },
  data: data ?? null,
});
const valueOf = (object: KubeObject, name: string) => String(fieldAt(object, ['data', name]));

describe('sealing Secrets', () => {
  const sealer = new SecretSealer({ keyId: 'k', key });

  it('gives equal values equal seals and different values different ones', () => {
    const sealed = sealer.seal(secret({ a: 'b25l', b: 'b25l', c: 'dHdv' }));
    expect(valueOf(sealed, 'a')).toBe(valueOf(sealed, 'b'));
    expect(valueOf(sealed, 'a')).not.toBe(valueOf(sealed, 'c'));
  });

  it('seals so that the key opens it, with the nonce derived from key and value', () => {
    const plaintext = Buffer.from([0, 1, 2, 250, 255]);
    const sealed = parseSealed(valueOf(sealer.seal(secret({ a: plaintext.toString('base64') })), 'a'));
    const bytes = new Uint8Array(Buffer.from(sealed?.ciphertext ?? '', 'base64'));
    const nonce = bytes.subarray(0, 12);
    const expected = createHmac('sha256', key).update('fairlead-nonce-v1\0').update(plaintext).digest().subarray(0, 12);
    expect(Buffer.from(nonce)).toEqual(Buffer.from(expected));
    const opened = gcmsiv(key, nonce, Buffer.from('fairlead/secret/v1')).decrypt(bytes.subarray(12));
    expect(Buffer.from(opened)).toEqual(plaintext);
  });

  it('seals an empty value, one that looks sealed, and one with line breaks in its base64', () => {
    const looks = Buffer.from('sealed:v1:k:AAAA').toString('base64');
    const sealed = sealer.seal(secret({ empty: '', looks, broken: 'b2\n5l', plain: 'b25l' }));
    for (const name of ['empty', 'looks', 'broken']) expect(valueOf(sealed, name)).toMatch(/^sealed:v1:k:/);
    expect(valueOf(sealed, 'broken')).toBe(valueOf(sealed, 'plain'));
    expect(() => sealer.seal(secret({ raw: 'sealed:v1:k:AAAA' }))).toThrow('not base64');
  });

  it('leaves other kinds alone', () => {
    const object = { ...secret({ a: 'x' }), kind: 'ConfigMap' };
    expect(sealer.seal(object)).toBe(object);
  });
});
