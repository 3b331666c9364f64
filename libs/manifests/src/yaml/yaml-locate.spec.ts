import { locate } from './yaml-locate.ts';

const text = `spec:
  rollout:
    waves:
    - name: canary
      patchs: 1
    - {name: rest, "clusters": all}
`;

describe('locate', () => {
  it('finds the key of a map entry and the start of a list entry', () => {
    expect(locate(text, ['spec', 'rollout', 'waves', 0, 'patchs'])).toEqual({ line: 5, column: 7 });
    expect(locate(text, ['spec', 'rollout', 'waves', 1])).toEqual({ line: 6, column: 7 });
    expect(locate(text, ['spec', 'rollout', 'waves', 1, 'clusters'])).toEqual({ line: 6, column: 20 });
  });

  it('gives the deepest part that is there', () => {
    expect(locate(text, ['spec', 'rollout', 'group', 'name'])).toEqual({ line: 2, column: 3 });
  });

  it('looks into the document that is asked for', () => {
    expect(locate('a: 1\n---\nb:\n  c: 2\n', ['b', 'c'], { document: 1 })).toEqual({ line: 4, column: 3 });
  });

  it('finds nothing in an empty text', () => {
    expect(locate('', ['a'])).toBeNull();
  });
});
