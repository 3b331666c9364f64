import fc from 'fast-check';
import { aStrategy } from '../testing/builders.ts';
import { amountOf, inFlightLimit } from './amounts.ts';
import { implicitWaveName, planHash, planWaves, selects, type PlannedCluster } from './wave-plan.ts';

function cluster(id: number, ring = 'rest', offline = false): PlannedCluster {
  return { id, name: `c${String(id).padStart(2, '0')}`, labels: { ring }, offline };
}

const names = (waves: ReturnType<typeof planWaves>) =>
  waves.map((wave) => [wave.name, wave.clusters.map((each) => each.name)]);

describe('planWaves', () => {
  it('puts a cluster into the first wave that selects it, and the rest into a last wave of their own', () => {
    const waves = [
      { name: 'canary', clusters: { matchLabels: { ring: 'canary' } }, soakMs: 0 },
      { name: 'early', clusters: { percent: 50 }, soakMs: 0 },
    ];
    const fleet = [cluster(4), cluster(3, 'canary'), cluster(2), cluster(1)];
    expect(names(planWaves({ waves }, fleet))).toEqual([
      ['canary', ['c03']],
      ['early', ['c01', 'c02']],
      [implicitWaveName, ['c04']],
    ]);
  });

  it('orders by name with offline clusters last', () => {
    const waves = [{ name: 'all', clusters: 'all' as const, soakMs: 0 }];
    expect(names(planWaves({ waves }, [cluster(3), cluster(1, 'rest', true), cluster(2)]))).toEqual([
      ['all', ['c02', 'c03', 'c01']],
    ]);
  });

  it('never plans an empty wave, never leaves a cluster out, never takes one twice, whatever the order of the input', () => {
    const strategy = fc.array(
      fc.oneof(
        fc.constant('all' as const),
        fc.record({ percent: fc.integer({ min: 1, max: 100 }) }),
        fc.record({ matchLabels: fc.record({ ring: fc.constantFrom('canary', 'early') }) }),
      ),
      { minLength: 1, maxLength: 5 },
    );
    const fleet = fc.uniqueArray(
      fc.tuple(fc.nat({ max: 30 }), fc.constantFrom('canary', 'early', 'rest'), fc.boolean()),
      { selector: ([id]) => id },
    );
    fc.assert(
      fc.property(strategy, fleet, (selectors, members) => {
        const waves = selectors.map((clusters, index) => ({ name: `w${index}`, clusters, soakMs: 0 }));
        const clusters = members.map(([id, ring, offline]) => cluster(id, ring, offline));
        const planned = planWaves({ waves }, clusters);
        const ids = planned.flatMap((wave) => wave.clusters.map((each) => each.id));
        expect(planned.every((wave) => wave.clusters.length > 0)).toBe(true);
        expect([...ids].sort()).toEqual(clusters.map((each) => each.id).sort());
        expect(planWaves({ waves }, [...clusters].reverse())).toEqual(planned);
      }),
      { numRuns: 200, seed: 7 },
    );
  });
});

describe('plan hash', () => {
  const plan = (overrides = {}) =>
    planHash({
      group: 'shop',
      releaseDigest: 'r',
      strategy: aStrategy(),
      waves: [{ name: 'all', clusters: [cluster(1), cluster(2)] }],
      targets: [
        { app: 'a', cluster: 'c01', from: null, to: 'x' },
        { app: 'a', cluster: 'c02', from: 'w', to: 'x' },
      ],
      ...overrides,
    });

  it('does not depend on the order of targets or on who is connected', () => {
    const targets = [
      { app: 'a', cluster: 'c02', from: 'w', to: 'x' },
      { app: 'a', cluster: 'c01', from: null, to: 'x' },
    ];
    const waves = [{ name: 'all', clusters: [cluster(2), cluster(1, 'rest', true)] }];
    expect(plan({ targets, waves })).toBe(plan());
  });

  it('changes with the release, the strategy and every target', () => {
    const others = [
      plan({ releaseDigest: 's' }),
      plan({ strategy: aStrategy({ maxInFlight: 1 }) }),
      plan({ targets: [{ app: 'a', cluster: 'c01', from: 'v', to: 'x' }] }),
    ];
    expect(new Set([plan(), ...others]).size).toBe(4);
  });
});

describe('label selectors', () => {
  it.each([
    [{ matchLabels: { ring: 'canary' } }, false],
    [{ matchLabels: {} }, true],
    [{ matchExpressions: [{ key: 'ring', operator: 'In' as const, values: ['rest'] }] }, true],
    [{ matchExpressions: [{ key: 'gpu', operator: 'NotIn' as const, values: ['a'] }] }, true],
    [{ matchExpressions: [{ key: 'gpu', operator: 'Exists' as const }] }, false],
    [{ matchExpressions: [{ key: 'gpu', operator: 'DoesNotExist' as const }] }, true],
  ])('%j on ring=rest: %s', (selector, expected) => {
    expect(selects(selector, { ring: 'rest' })).toBe(expected);
  });
});

describe('amounts', () => {
  it.each([
    ['10%', 25, 2],
    ['100%', 3, 3],
    ['1%', 3, 0],
    [4, 100, 4],
  ])('%s of %i is %i', (amount, total, expected) => {
    expect(amountOf(amount, total)).toBe(expected);
  });

  it('lets at least one cluster be in flight', () => {
    expect(inFlightLimit('1%', 3)).toBe(1);
    expect(inFlightLimit(0, 3)).toBe(1);
  });

  it('refuses what is neither', () => {
    expect(() => amountOf('a lot', 3)).toThrow(RangeError);
  });
});
