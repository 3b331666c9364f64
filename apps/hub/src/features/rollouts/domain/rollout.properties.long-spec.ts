import fc from 'fast-check';
import { rolloutProperty } from '../testing/rollout-properties.ts';

describe('rollout machine, any sequence of events, at length', () => {
  it('keeps the invariants and never gets stuck (10,000 sequences)', () => {
    fc.assert(rolloutProperty, { numRuns: 10_000 });
  });
});
