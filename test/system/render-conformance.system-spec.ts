import { join } from 'node:path';
import fc from 'fast-check';
import { fileTree } from '../conformance/render/arbitrary-tree.ts';
import { compareTree } from '../conformance/render/compare-tree.ts';
import { compareTrees, pairCorpus, refusedOnPurpose, smallCorpus } from '../conformance/render/corpus/corpus.ts';
import type { Oracle } from '../conformance/render/oracle.ts';
import { startOracle } from '../conformance/render/oracle.ts';
import { runConformance } from '../conformance/render/run-conformance.ts';

const cases = join(import.meta.dirname, '../conformance/render/cases');

// What kustomize makes of these is a mistake of its own, or depends on one; refusing them is the promise.
const refusedCases = ['blank-in-brackets', 'document-end', 'folded-with-indent', 'json-patch-big-integer'];
// The rest is built in the long run.
const everyPair = 24;
const randomTrees = { numRuns: 150, seed: 20261123 };

describe('rendering beside the real kustomize', () => {
  let oracle: Oracle;

  beforeAll(async () => {
    oracle = await startOracle();
  });

  it('makes the same objects of every case, or refuses where the case says so', async () => {
    const results = await runConformance(cases, oracle);
    expect(results.filter((result) => result.verdict === 'different')).toEqual([]);
    expect(results.filter((result) => result.verdict === 'refused').map((result) => result.root)).toEqual(refusedCases);
    expect(results.length).toBeGreaterThan(60);
  });

  it('makes the same objects of every field alone, and of fields at their corners', async () => {
    const results = await compareTrees(smallCorpus(), oracle);
    expect(results.filter((result) => result.verdict === 'different')).toEqual([]);
    const refused = results.filter((result) => result.verdict === 'refused').map((result) => result.name);
    expect(refused.sort()).toEqual(refusedOnPurpose);
    expect(results.filter((result) => !result.bothRefuse).length).toBeGreaterThan(results.length / 2);
  });

  it('makes the same objects of a sample of all pairs of fields', async () => {
    const sample = pairCorpus().filter((_tree, index) => index % everyPair === 0);
    const results = await compareTrees(sample, oracle);
    expect(results.filter((result) => result.verdict !== 'equal')).toEqual([]);
    expect(sample.length).toBeGreaterThan(150);
  });

  it('makes the same objects of random bases, overlays and components', async () => {
    const verdicts: string[] = [];
    await fc.assert(
      fc.asyncProperty(fileTree, async (files) => {
        const comparison = await compareTree(files, oracle);
        verdicts.push(comparison.bothRefuse ? 'both refuse' : comparison.verdict);
        expect(comparison).not.toMatchObject({ verdict: 'different' });
      }),
      randomTrees,
    );
    // Trees that nobody builds would prove nothing.
    expect(verdicts.filter((verdict) => verdict === 'equal').length).toBeGreaterThan(verdicts.length / 4);
  });
});
