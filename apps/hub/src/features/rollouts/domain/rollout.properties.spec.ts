import fc from 'fast-check';
import { rolloutProperty } from '../testing/rollout-properties.ts';

describe('rollout machine, any sequence of events', () => {
  it('keeps the invariants and never gets stuck (300 seeded sequences)', () => {
    fc.assert(rolloutProperty, { numRuns: 300, seed: 20_261_123 });
  });
});
