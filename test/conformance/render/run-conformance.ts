import { join } from 'node:path';
import { buildDirectory } from '@fairlead/render';
import type { Comparison } from './compare.ts';
import { compareResults } from './compare.ts';
import { diskTree } from './disk-tree.ts';
import type { Oracle } from './oracle.ts';
import { findRoots } from './roots.ts';

export interface RootResult extends Comparison {
  readonly root: string;
}

const parallel = 2;

/** Renders every kustomization below a directory with ours and with the real one. */
export async function runConformance(directory: string, oracle: Oracle): Promise<RootResult[]> {
  const waiting = findRoots(directory);
  const results: RootResult[] = [];
  const work = async (): Promise<void> => {
    for (let root = waiting.shift(); root !== undefined; root = waiting.shift()) {
      results.push({ root, ...(await compareRoot(directory, root, oracle)) });
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  return results.sort((left, right) => (left.root < right.root ? -1 : 1));
}

async function compareRoot(directory: string, root: string, oracle: Oracle): Promise<Comparison> {
  const theirs = await oracle.build(join(directory, root));
  return compareResults(buildDirectory(diskTree(directory), root), theirs);
}
