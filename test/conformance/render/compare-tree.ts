import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildDirectory } from '@fairlead/render';
import type { FileTree } from './arbitrary-tree.ts';
import type { Comparison } from './compare.ts';
import { compareResults } from './compare.ts';
import { diskTree } from './disk-tree.ts';
import type { Oracle } from './oracle.ts';

/** Writes a tree to a fresh directory, builds `top` with both, and removes the directory. */
export async function compareTree(files: FileTree, oracle: Oracle): Promise<Comparison & { bothRefuse: boolean }> {
  const directory = mkdtempSync(join(tmpdir(), 'fairlead-conformance-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), content);
    }
    const theirs = await oracle.build(join(directory, 'top'));
    const ours = buildDirectory(diskTree(directory), 'top');
    return { ...compareResults(ours, theirs), bothRefuse: !ours.ok && !theirs.ok };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
