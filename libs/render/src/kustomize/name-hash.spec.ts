import { contentHash } from './name-hash.ts';

const configMap = (name: string, data: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});

describe('name hashes', () => {
  it('depend on the content, not on the name', () => {
    expect(contentHash(configMap('a', { k: 'v' }))).toBe(contentHash(configMap('b', { k: 'v' })));
    expect(contentHash(configMap('a', { k: 'v' }))).not.toBe(contentHash(configMap('a', { k: 'w' })));
  });

  it('are ten letters and digits that spell nothing', () => {
    expect(contentHash(configMap('a', { k: '<&>' }))).toMatch(/^[24-9bcdfghkmt]{10}$/);
  });
});
