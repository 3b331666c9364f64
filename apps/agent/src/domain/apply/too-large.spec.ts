import type { KubeObject } from '@fairlead/manifests';
import { tooLarge } from './too-large.ts';

const mebibyte = 1024 * 1024;

function holding(kind: string, fields: Partial<KubeObject>): KubeObject {
  return { apiVersion: 'v1', kind, metadata: { name: 'x' }, ...fields } as KubeObject;
}

describe('[case 187] the limit of what a Secret or a ConfigMap holds', () => {
  it('counts the values of a Secret as they are in the clear', () => {
    const data = { a: Buffer.alloc(mebibyte).toString('base64') };
    expect(tooLarge(holding('Secret', { data }))).toBeNull();
    expect(tooLarge(holding('Secret', { data: { ...data, b: 'eA==' } }))).toContain(`${mebibyte + 1} bytes`);
  });

  it('counts texts and bytes of a ConfigMap together, in bytes', () => {
    const data = { a: 'ä'.repeat(mebibyte / 2) };
    expect(tooLarge(holding('ConfigMap', { data }))).toBeNull();
    expect(tooLarge(holding('ConfigMap', { data, binaryData: { b: 'eA==' } }))).not.toBeNull();
  });

  it('is no limit of other kinds', () => {
    expect(tooLarge(holding('Other', { data: { a: 'x'.repeat(2 * mebibyte) } }))).toBeNull();
  });
});
