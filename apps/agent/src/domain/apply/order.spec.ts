import type { ObjectId } from '@fairlead/manifests';
import { formatObjectId } from '@fairlead/manifests';
import { deletionLevels } from '../prune/deletion-levels.ts';
import { groupsInOrder, placeAll } from './order.ts';
import type { OrderNode } from './order.ts';

const id = (group: string, kind: string, name: string, namespace = 'x'): ObjectId => ({ group, kind, namespace, name });
const node = (of: ObjectId, { wave = 0, after = [] as ObjectId[] } = {}): OrderNode => ({
  key: formatObjectId(of),
  id: of,
  wave,
  after: after.map(formatObjectId),
});
const map = (name: string) => id('', 'ConfigMap', name);

const order = (nodes: readonly OrderNode[], groups = groupsInOrder) => {
  const { places } = placeAll(nodes);
  const placed = nodes.flatMap((entry) => {
    const place = places.get(entry.key);
    return place === undefined ? [] : [{ id: entry.id, place }];
  });
  return groups(placed).map((group) => group.map((entry) => entry.id.name));
};

describe('the order of application', () => {
  it('[case 38] [case 46] puts namespaces and classes before what uses them, whatever the order of the files', () => {
    const nodes = [
      node(id('apps', 'Deployment', 'api')),
      node(id('', 'PersistentVolumeClaim', 'claim')),
      node(id('networking.k8s.io', 'Ingress', 'ingress')),
      node(id('', 'Namespace', 'x', '')),
      node(id('networking.k8s.io', 'IngressClass', 'ingress-class', '')),
      node(id('storage.k8s.io', 'StorageClass', 'storage-class', '')),
    ];
    expect(order(nodes)).toEqual([['x'], ['ingress-class', 'storage-class'], ['claim'], ['api', 'ingress']]);
    expect(order([...nodes].reverse())).toEqual(order(nodes));
  });

  it('[case 39] is the same for every order of the input', () => {
    const nodes = ['Secret', 'Service', 'Role', 'RoleBinding', 'ConfigMap', 'Job'].flatMap((kind, index) =>
      ['b', 'a'].map((name) =>
        node(id(kind.startsWith('Role') ? 'rbac.authorization.k8s.io' : '', kind, name), {
          wave: index % 2,
          after: name === 'b' ? [map('a')] : [],
        }),
      ),
    );
    const expected = order(nodes);
    // Every rotation, forwards and backwards: as random as it has to be, and the same in every run.
    for (let turn = 0; turn < nodes.length; turn += 1) {
      const rotated = [...nodes.slice(turn), ...nodes.slice(0, turn)];
      expect(order(rotated)).toEqual(expected);
      expect(order(rotated.reverse())).toEqual(expected);
    }
  });

  it('[case 41] follows dependencies before kinds and across namespaces, and goes backwards for deletion', () => {
    const [a, b, c] = [map('a'), id('apps', 'Deployment', 'b', 'y'), id('example.dev', 'Gate', 'c', 'z')];
    const nodes = [node(a, { after: [b] }), node(b, { after: [c] }), node(c), node(map('free'))];
    expect(order(nodes)).toEqual([['free'], ['c'], ['b'], ['a']]);
    expect(order(nodes, deletionLevels)).toEqual([['a'], ['b'], ['c'], ['free']]);
  });

  it('puts lower waves first, and an object behind a dependency of a later wave', () => {
    const nodes = [
      node(map('late'), { wave: 2 }),
      node(map('follows'), { wave: -1, after: [map('late')] }),
      node(map('early'), { wave: -5 }),
      node(id('apps', 'Deployment', 'plain')),
    ];
    expect(order(nodes)).toEqual([['early'], ['plain'], ['late'], ['follows']]);
  });

  it('[case 42] names exactly the objects of a cycle, and places all others', () => {
    const nodes = [
      node(map('a'), { after: [map('b')] }),
      node(map('b'), { after: [map('c')] }),
      node(map('c'), { after: [map('a')] }),
      node(map('self'), { after: [map('self')] }),
      node(map('behind'), { after: [map('a')] }),
      node(map('before')),
      node(map('d'), { after: [map('before')] }),
    ];
    expect([...placeAll(nodes).cyclic].sort()).toEqual(['a', 'b', 'c', 'self'].map((name) => `/ConfigMap/x/${name}`));
    expect(order(nodes)).toEqual([['before', 'behind'], ['d']]);
  });

  it('takes a chain of thousands', () => {
    const chain = Array.from({ length: 20_000 }, (_, index) =>
      node(map(`m${index}`), { after: index === 0 ? [] : [map(`m${index - 1}`)] }),
    );
    expect(order([...chain].reverse()).map(([name]) => name)).toEqual(chain.map((entry) => entry.id.name));
  });
});
