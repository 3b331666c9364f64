import { blastRadius } from './blast-radius.ts';

const prune = { enabled: true, maxDeletes: '25%', confirm: ['Namespace'], allowEmpty: false };
const objects = (count: number) => Array.from({ length: count }, (_, index) => `/ConfigMap/shop/c${index}`);
const change = (before: string[], after: string[]) => [{ app: 'orders', cluster: 'eu-1', before, after, prune }];

describe('blastRadius', () => {
  it('lets a few deletions pass', () => {
    expect(blastRadius(change(objects(6), objects(3)), [])).toEqual([]);
  });

  it.each([
    ['everything would go', objects(3), [], 'empty-render'],
    ['most would go', objects(40), objects(20), 'mass-prune'],
    ['a namespace would go', ['/Namespace//shop', ...objects(3)], objects(3), 'confirmed-kind'],
  ])('asks when %s', (_, before, after, reason) => {
    expect(blastRadius(change(before, after), [])).toEqual([expect.stringContaining(reason)]);
  });

  it('asks nothing about an app that never prunes', () => {
    const [only] = change(objects(3), []);
    expect(only && blastRadius([{ ...only, prune: { ...prune, enabled: false } }], [])).toEqual([]);
  });

  it('asks when an app leaves more than a tenth of its clusters', () => {
    expect(blastRadius([], [{ app: 'orders', clusters: 20, withoutEntry: 2 }])).toEqual([]);
    expect(blastRadius([], [{ app: 'orders', clusters: 20, withoutEntry: 3 }])).toEqual([
      'orders leaves 3 of its 20 clusters',
    ]);
  });
});
