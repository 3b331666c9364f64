import { parseObjectId } from '@fairlead/manifests';
import { placeObject } from './placement.ts';
import type { Scope } from './placement.ts';

const place = (
  key: string,
  scope: Scope | null,
  owned: readonly string[] = [],
  defaultNamespace: string | null = 'shop',
) => placeObject(parseObjectId(key), { scope, defaultNamespace, isOwned: (other) => owned.includes(other) });

describe('the place of an object', () => {
  it('is the namespace of the app where the object names none, and never "default"', () => {
    expect(place('/ConfigMap//a', 'namespaced')).toMatchObject({ id: { namespace: 'shop' }, causes: [] });
    expect(place('/ConfigMap/other/a', 'namespaced')).toMatchObject({ id: { namespace: 'other' }, causes: [] });
  });

  it('[case 171] is missing for a namespaced object when the app has no namespace either', () => {
    expect(place('/ConfigMap//a', 'namespaced', [], null)).toMatchObject({
      id: { namespace: '' },
      causes: [expect.stringContaining('neither the object nor the app names a namespace')],
    });
  });

  it('[case 171] is refused for an object without a namespace that names one', () => {
    expect(place('example.dev/Realm/other/a', 'cluster')).toMatchObject({
      id: { namespace: '' },
      causes: ['Realm has no namespace, but the object names "other"'],
    });
  });

  it('[case 13] has no namespace for a kind without one, also when a renderer filled in that of the app', () => {
    expect(place('example.dev/Realm/shop/a', 'cluster')).toMatchObject({ id: { namespace: '' }, causes: [] });
  });

  it('[case 173] is that of the object in the cluster when nobody knows the kind', () => {
    expect(place('example.dev/Realm/shop/a', null, ['example.dev/Realm//a']).id.namespace).toBe('');
    expect(place('example.dev/Gate//a', null, ['example.dev/Gate/shop/a']).id.namespace).toBe('shop');
    expect(place('storage.k8s.io/StorageClass/shop/a', null).id.namespace).toBe('');
  });
});
