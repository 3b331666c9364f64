import { maskSecret } from './mask-secret.ts';

const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { a: 'eA==', b: 'eA==', c: 'eQ==' } };

describe('masked Secrets', () => {
  it('show equal values as equal and nothing else', () => {
    const data = maskSecret(secret, 'key')['data'] as Record<string, string>;
    expect(data['a']).toBe(data['b']);
    expect(data['a']).not.toBe(data['c']);
    expect(JSON.stringify(data)).not.toContain('eA==');
  });

  it('cannot be compared under different keys', () => {
    expect(maskSecret(secret, 'key')).not.toEqual(maskSecret(secret, 'other'));
  });

  it('hide the copy that kubectl leaves in an annotation', () => {
    const annotated = {
      ...secret,
      metadata: { name: 's', annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"data":"eA=="}' } },
    };
    expect(JSON.stringify(maskSecret(annotated, 'key'))).not.toContain('eA==');
  });
});
