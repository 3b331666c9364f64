import fc from 'fast-check';
import { fileTree } from './arbitrary-tree.ts';
import { compareTree } from './compare-tree.ts';
import { compareTrees, pairCorpus } from './corpus/corpus.ts';
import type { Oracle } from './oracle.ts';
import { startOracle } from './oracle.ts';

const randomTrees = { numRuns: 5000 };

describe('rendering beside the real kustomize, in full', () => {
  let oracle: Oracle;

  beforeAll(async () => {
    oracle = await startOracle();
  });

  it('makes the same objects of every pair of fields', async () => {
    const results = await compareTrees(pairCorpus(), oracle);
    expect(results.filter((result) => result.verdict !== 'equal')).toEqual([]);
    expect(results.length).toBeGreaterThan(4000);
  });

  it('makes the same objects of 5,000 random trees', async () => {
    const counts = { equal: 0, refused: 0, different: 0, 'both refuse': 0 };
    await fc.assert(
      fc.asyncProperty(fileTree, async (files) => {
        const comparison = await compareTree(files, oracle);
        counts[comparison.bothRefuse ? 'both refuse' : comparison.verdict] += 1;
        expect(comparison).not.toMatchObject({ verdict: 'different' });
      }),
      randomTrees,
    );
    process.stdout.write(`${JSON.stringify(counts)}\n`);
    expect(counts.refused).toBeLessThan(counts.equal / 100);
    expect(counts.equal).toBeGreaterThan(randomTrees.numRuns / 4);
  });
});
