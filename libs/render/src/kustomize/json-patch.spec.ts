import { applyJsonPatch } from './json-patch.ts';

describe('JSON patch', () => {
  it('adds, replaces, removes, moves and copies', () => {
    const patched = applyJsonPatch({ a: { list: [1, 2] }, b: 'x', c: 'y' }, [
      { op: 'add', path: '/a/list/1', value: 9 },
      { op: 'add', path: '/a/list/-', value: 3 },
      { op: 'replace', path: '/b', value: { 'k/l': true } },
      { op: 'remove', path: '/b/k~1l' },
      { op: 'copy', from: '/a/list/0', path: '/first' },
      { op: 'move', from: '/c', path: '/moved' },
      { op: 'test', path: '/first', value: 1 },
    ]);
    expect(patched).toEqual({ a: { list: [1, 9, 2, 3] }, b: {}, first: 1, moved: 'y' });
  });

  it('accepts what kustomize accepts beyond the standard', () => {
    const patched = applyJsonPatch({ list: [1, 2] }, [
      { op: 'replace', path: '/missing', value: 1 },
      { op: 'remove', path: '/list/-1' },
    ]);
    expect(patched).toEqual({ list: [1], missing: 1 });
  });

  it.each([
    [{ op: 'remove', path: '/missing' }, /is not there/],
    [{ op: 'add', path: '/missing/x', value: 1 }, /leads through something/],
    [{ op: 'add', path: '/list/7', value: 1 }, /no list item 7/],
    [{ op: 'test', path: '/list/0', value: 2 }, /failed/],
    [{ op: 'merge', path: '/list' }, /unknown operation/],
    [{ op: 'add', value: 1 }, /has no "path"/],
  ])('refuses %j', (operation, reason) => {
    expect(() => applyJsonPatch({ list: [1] }, [operation])).toThrow(reason);
  });
});
