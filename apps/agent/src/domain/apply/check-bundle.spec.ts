import { formatObjectId, parseObjectId } from '@fairlead/manifests';
import { checkBundle } from './check-bundle.ts';
import type { BundleObject } from './check-bundle.ts';
import type { ObjectFacts } from './object-facts.ts';
import { groupsInOrder } from './order.ts';

const object = (key: string, facts: ObjectFacts | null = null, rest: Partial<BundleObject> = {}): BundleObject => ({
  key,
  id: parseObjectId(key),
  facts,
  causes: [],
  definition: null,
  backends: [],
  ...rest,
});
const check = (objects: readonly BundleObject[], owned: readonly string[] = []) => {
  const context = {
    defaultNamespace: 'shop',
    agentNamespace: 'fairlead',
    isOwned: (key: string) => owned.includes(key),
  };
  const checked = checkBundle(objects, context);
  return new Map(objects.map(({ key, id }, index) => [key, { id, ...checked[index]! }]));
};
const causes = (objects: readonly BundleObject[]) =>
  Object.fromEntries(
    [...check(objects)].filter(([, one]) => one.causes.length > 0).map(([key, one]) => [key, one.causes]),
  );
const groups = (objects: readonly BundleObject[]) =>
  groupsInOrder([...check(objects).values()]).map((group) => group.map(({ id }) => id.name));

describe('the check of a bundle', () => {
  it('[case 170] gives all causes of an object together', () => {
    const wrong = object('/ConfigMap/fairlead/fairlead-agent', { causes: ['first'] }, { causes: ['second'] });
    expect(causes([wrong, object('/ConfigMap/shop/fine')])).toEqual({
      [wrong.key]: ['first', 'second', expect.stringContaining('belongs to the agent')],
    });
  });

  it('[case 87] refuses inventories of the agent', () => {
    expect(causes([object('/ConfigMap/fairlead/fairlead-inventory-shop')])).toEqual({
      '/ConfigMap/fairlead/fairlead-inventory-shop': [expect.stringContaining('belongs to the agent')],
    });
    expect(causes([object('/ConfigMap/shop/fairlead-inventory-shop')])).toEqual({});
  });

  it('[case 42] spells a cycle, and leaves the other objects valid', () => {
    const found = causes([
      object('/ConfigMap/shop/a', { dependsOn: ['/ConfigMap/shop/b'] }),
      object('/ConfigMap/shop/b', { dependsOn: ['/ConfigMap/shop/c'] }),
      object('/ConfigMap/shop/c', { dependsOn: ['/ConfigMap/shop/a'] }),
      object('/ConfigMap/shop/behind', { dependsOn: ['/ConfigMap/shop/a'] }),
      object('/ConfigMap/shop/free'),
    ]);
    expect(Object.keys(found).sort()).toEqual(['a', 'b', 'c'].map((name) => `/ConfigMap/shop/${name}`));
    expect(found['/ConfigMap/shop/b']?.[0]).toContain(
      '/ConfigMap/shop/b -> /ConfigMap/shop/c -> /ConfigMap/shop/a -> /ConfigMap/shop/b',
    );
  });

  it('[case 43] refuses a dependency that the release does not have', () => {
    const key = '/ConfigMap/shop/a';
    expect(causes([object(key, { dependsOn: ['apps/Deployment/else/db'] })])).toEqual({
      [key]: ['it depends on apps/Deployment/else/db, which the release does not have'],
    });
  });

  it('[case 45] tells a dependency that is about to be pruned from one that never was there', () => {
    const dependent = object('/ConfigMap/shop/a', { dependsOn: ['/Namespace//old'] });
    const [result] = [...check([dependent], ['/Namespace//old']).values()];
    expect(result).toMatchObject({ leaving: '/Namespace//old', causes: [] });
  });

  it('reads a dependency without a namespace in the namespace of the app', () => {
    const dependent = object('/ConfigMap/shop/a', { dependsOn: ['/ConfigMap//b'] });
    expect(check([dependent, object('/ConfigMap/shop/b')]).get(dependent.key)).toMatchObject({
      waitsFor: ['/ConfigMap/shop/b'],
      causes: [],
    });
  });

  it('[case 35] [case 38] puts definitions and namespaces first, also when they are in a later wave', () => {
    const definition = 'apiextensions.k8s.io/CustomResourceDefinition//gates.example.dev';
    const objects = [
      object('example.dev/Gate/later/gate', null, { definition }),
      object(definition, { wave: 3 }),
      object('/ConfigMap/later/settings'),
      object('/Namespace//later', { wave: 5 }),
      object('/ConfigMap/shop/settings'),
    ];
    expect(groups(objects)).toEqual([['settings'], ['gates.example.dev'], ['later'], ['settings', 'gate']]);
  });

  it('[case 47] puts a webhook configuration behind what answers for it', () => {
    const hook = object('admissionregistration.k8s.io/ValidatingWebhookConfiguration//hook', null, {
      backends: ['/Service/shop/hook', 'apps/Deployment/shop/hook'],
    });
    const checked = check([hook, object('apps/Deployment/shop/hook'), object('/Service/shop/hook')]);
    expect(checked.get(hook.key)?.waitsFor).toEqual(hook.backends);
  });

  it('keeps hooks out of the order', () => {
    const hook = { phase: 'before', deletion: ['succeeded'] } as const;
    expect(
      causes([
        object('/ConfigMap/shop/a', { dependsOn: ['batch/Job/shop/migrate'] }),
        object('batch/Job/shop/migrate', { hook, dependsOn: ['/ConfigMap/shop/a'] }),
      ]),
    ).toEqual({
      '/ConfigMap/shop/a': [expect.stringContaining('is a hook')],
      'batch/Job/shop/migrate': [expect.stringContaining('a hook waits for nothing')],
    });
  });

  it('finds its way in a bundle of thousands', () => {
    const objects = Array.from({ length: 5000 }, (_, index) =>
      object(formatObjectId({ group: '', kind: 'ConfigMap', namespace: 'shop', name: `m${index}` }), {
        wave: index % 7,
        ...(index === 0 ? {} : { dependsOn: [`/ConfigMap/shop/m${index - 1}`] }),
      }),
    );
    expect(groups(objects)).toHaveLength(5000);
  });
});
