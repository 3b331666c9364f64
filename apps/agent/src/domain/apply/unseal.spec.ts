import type { KubeObject } from '@fairlead/manifests';
import { unsealSecret } from './unseal.ts';

// Made by the convention itself: key = 32 bytes of 0x07, value = "s3cret".
const key = new Uint8Array(32).fill(7);
const sealed = 'sealed:v1:k1:Js2Ql/zy8ncpJzIZLiM0PIJXPXurTURbCKkQBYS1F5gQ+g==';
const secret = (value: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 's' },
  data: { plain: 'cGxhaW4=', token: value },
});

describe('sealed Secret values', () => {
  it('are opened with the key they name, and others stay as they are', () => {
    expect(unsealSecret(secret(sealed), new Map([['k1', key]]))['data']).toEqual({
      plain: 'cGxhaW4=',
      token: Buffer.from('s3cret').toString('base64'),
    });
  });

  it('of other kinds are left alone', () => {
    const configMap = { ...secret(sealed), kind: 'ConfigMap' };
    expect(unsealSecret(configMap, new Map())).toBe(configMap);
  });

  it('wait for a key that is not here, and are refused for good when they were tampered with', () => {
    expect(() => unsealSecret(secret(sealed), new Map())).toThrow(expect.objectContaining({ kind: 'unavailable' }));
    const tampered = `${sealed.slice(0, -8)}AAAAAAA=`;
    expect(() => unsealSecret(secret(tampered), new Map([['k1', key]]))).toThrow(
      expect.objectContaining({ kind: 'invalid' }),
    );
  });
});
