import { moveObjects, pairTargets, shareMoves } from './target-changes.ts';

describe('changes of targets', () => {
  it('pairs what was and what is to be by app and cluster', () => {
    const before = [
      { app: 'b', cluster: 'c1', digest: '1' },
      { app: 'a', cluster: 'c1', digest: '1' },
    ];
    const after = [
      { app: 'a', cluster: 'c1', digest: '2' },
      { app: 'a', cluster: 'c2', digest: '2' },
    ];
    expect(pairTargets(before, after)).toEqual([
      { app: 'a', cluster: 'c1', from: '1', to: '2' },
      { app: 'a', cluster: 'c2', from: null, to: '2' },
      { app: 'b', cluster: 'c1', from: '1', to: null },
    ]);
  });

  it('tells what happens to each object, and nothing of those that stay', () => {
    const from = new Map(Object.entries({ same: '1', other: '1', gone: '1' }));
    const to = new Map(Object.entries({ same: '1', other: '2', fresh: '1' }));
    expect(moveObjects(from, to)).toEqual([
      { id: 'other', from: '1', to: '2' },
      { id: 'fresh', from: null, to: '1' },
      { id: 'gone', from: '1', to: null },
    ]);
    expect(moveObjects(undefined, undefined)).toEqual([]);
  });

  it('puts clusters together on which the same happens, though their snapshots differ', () => {
    const snapshots = new Map([
      ['a1', new Map([['x', '1'], ['own', 'a']])],
      ['a2', new Map([['x', '2'], ['own', 'a']])],
      ['b1', new Map([['x', '1'], ['own', 'b']])],
      ['b2', new Map([['x', '2'], ['own', 'b']])],
      ['c2', new Map([['x', '3']])],
    ]); // prettier-ignore
    const move = (cluster: string, from: string, to: string) => ({ app: 'shop', cluster, from, to });
    const shared = shareMoves([move('c', 'a1', 'c2'), move('a', 'a1', 'a2'), move('b', 'b1', 'b2')], snapshots);
    expect(shared.map(({ clusters, objects }) => [clusters, objects.length])).toEqual([
      [['a', 'b'], 1],
      [['c'], 2],
    ]);
  });
});
