import { diffObjects } from './diff.ts';

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
});
