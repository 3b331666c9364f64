import type { Comparison } from '../compare.ts';
import { compareTree } from '../compare-tree.ts';
import type { Oracle } from '../oracle.ts';
import type { NamedTree } from './feature-trees.ts';
import { aloneTree, layeredTree, pairTree } from './feature-trees.ts';
import { features } from './features.ts';
import { writtenTrees } from './written-trees.ts';

/** Trees that kustomize builds and this renderer refuses, because a value would lose its spelling or its format. */
export const refusedOnPurpose: readonly string[] = [
  'label transformer with numbers',
  'object with number as name',
  'openapi in a later base',
  'replacement into yaml text',
  'replacement map over text',
  'replacement with odd spelling',
];

/** Each field alone, and everything that is written by hand. */
export function smallCorpus(): NamedTree[] {
  return [...features.map(aloneTree), ...writtenTrees()];
}

/** Every two fields together, in one kustomization and in two layers. */
export function pairCorpus(): NamedTree[] {
  const together = features.flatMap((first, index) =>
    features.slice(index + 1).flatMap((second) => pairTree(first, second) ?? []),
  );
  const layered = features.flatMap((below) => features.map((above) => layeredTree(below, above)));
  return [...together, ...layered];
}

export interface TreeResult extends Comparison {
  readonly name: string;
  readonly bothRefuse: boolean;
}

const parallel = 2;

/** Builds all trees with both, two at a time. */
export async function compareTrees(trees: readonly NamedTree[], oracle: Oracle): Promise<TreeResult[]> {
  const waiting = [...trees];
  const results: TreeResult[] = [];
  const work = async (): Promise<void> => {
    for (let tree = waiting.shift(); tree !== undefined; tree = waiting.shift()) {
      results.push({ name: tree.name, ...(await compareTree(tree.files, oracle)) });
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  return results;
}
