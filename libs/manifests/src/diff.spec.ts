import { diffObjects } from './diff.ts';
import type { ListShape } from './diff.ts';

describe('object diff', () => {
  it('names the path, the desired and the live value', () => {
    expect(diffObjects({ spec: { replicas: 3, a: 1 } }, { spec: { replicas: 5, a: 1 } })).toEqual([
      { path: '/spec/replicas', desired: 3, live: 5 },
    ]);
  });

  it('escapes the steps of a path', () => {
    expect(diffObjects({ 'a/b~c': 1 }, {})).toEqual([{ path: '/a~1b~0c', desired: 1 }]);
  });

  it('reports fields that only the live object has, unless told not to', () => {
    expect(diffObjects({ a: 1 }, { a: 1, b: 2 })).toEqual([{ path: '/b', live: 2 }]);
    expect(diffObjects({ a: 1 }, { a: 1, b: 2 }, { ignoreExtra: true })).toEqual([]);
  });

  it('compares containers by name, wherever they stand', () => {
    const desired = { containers: [{ name: 'a', image: '1' }, { name: 'b' }] };
    const live = { containers: [{ name: 'b' }, { name: 'a', image: '2' }] };
    expect(diffObjects(desired, live)).toEqual([{ path: '/containers/0/image', desired: '1', live: '2' }]);
  });

  it('takes a port without protocol for a TCP port', () => {
    const desired = { ports: [{ containerPort: 80 }] };
    const live = { ports: [{ containerPort: 80, protocol: 'TCP' }] };
    expect(diffObjects(desired, live)).toEqual([{ path: '/ports/0/protocol', live: 'TCP' }]);
  });

  it('compares lists without known keys as a whole', () => {
    expect(diffObjects({ args: ['a'] }, { args: ['b'] })).toEqual([{ path: '/args', desired: ['a'], live: ['b'] }]);
  });

  it('takes equal numbers of different types for equal', () => {
    expect(diffObjects({ a: 5n }, { a: 5 })).toEqual([]);
  });

  it('finds list items by the keys it is told, sets in any order, and takes other lists whole', () => {
    const shapes = new Map<string, ListShape>([
      ['/rules', { kind: 'keyed', keys: ['host', 'path'] }],
      ['/tags', { kind: 'set' }],
      ['/containers', { kind: 'atomic' }],
    ]);
    const options = { listAt: (place: string) => shapes.get(place) };
    const rule = (path: string, to: number) => ({ host: 'h', path, to });
    expect(
      diffObjects({ rules: [rule('a', 1), rule('b', 2)] }, { rules: [rule('b', 3), rule('a', 1)] }, options),
    ).toEqual([{ path: '/rules/1/to', desired: 2, live: 3 }]);
    expect(diffObjects({ tags: ['a', 'b'] }, { tags: ['b', 'a'] }, options)).toEqual([]);
    const [one, two] = [[{ name: 'a', image: '1' }], [{ name: 'a', image: '2' }]];
    expect(diffObjects({ containers: one }, { containers: two }, options)).toMatchObject([{ path: '/containers' }]);
  });

  it('[case 136] tells labels and annotations one by one, also when one side has none at all', () => {
    const desired = { metadata: { annotations: { a: '1' } } };
    expect(diffObjects(desired, { metadata: {} })).toEqual([{ path: '/metadata/annotations/a', desired: '1' }]);
  });
});
