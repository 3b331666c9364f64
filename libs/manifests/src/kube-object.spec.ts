import { formatObjectId, isKubeObject, objectId, parseObjectId } from './kube-object.ts';

describe('object identity', () => {
  it('is group, kind, namespace and name; the version is no part of it', () => {
    const object = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' } };
    expect(objectId(object)).toEqual({ group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' });
    expect(objectId({ ...object, apiVersion: 'apps/v2' })).toEqual(objectId(object));
  });

  it('keeps empty parts empty in its key, and reads them back', () => {
    const id = { group: '', kind: 'Namespace', namespace: '', name: 'shop' };
    expect(formatObjectId(id)).toBe('/Namespace//shop');
    expect(parseObjectId('/Namespace//shop')).toEqual(id);
  });

  it.each(['', 'a/b/c', 'a/b/c/d/e', 'apps/Deployment/shop/'])('refuses the key "%s"', (key) => {
    expect(() => parseObjectId(key)).toThrow(RangeError);
  });

  it('needs apiVersion, kind and a name', () => {
    expect(isKubeObject({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } })).toBe(true);
    expect(isKubeObject({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 5 } })).toBe(false);
    expect(isKubeObject({ kind: 'Pod', metadata: { name: 'a' } })).toBe(false);
  });
});
