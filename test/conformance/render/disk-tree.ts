import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceTree } from '@fairlead/render';

/** The files below a directory of this machine as a source tree. */
export function diskTree(root: string): SourceTree {
  return {
    readFile(path) {
      const file = join(root, path);
      return isKind(file, 'file') ? readFileSync(file) : null;
    },
    listDirectory(path) {
      const directory = join(root, path);
      return isKind(directory, 'directory') ? readdirSync(directory) : null;
    },
  };
}

function isKind(path: string, kind: 'file' | 'directory'): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return kind === 'file' ? stat?.isFile() === true : stat?.isDirectory() === true;
}
