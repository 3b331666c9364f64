import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceTree } from '@fairlead/render';

/** The files below a directory of this machine as a source tree. Links are not there, as in a tree read from Git. */
export function diskTree(root: string): SourceTree {
  const top = realpathSync(root);
  return {
    readFile(path) {
      const file = join(top, path);
      return isKind(file, 'file') ? readFileSync(file) : null;
    },
    listDirectory(path) {
      const directory = join(top, path);
      return isKind(directory, 'directory') ? readdirSync(directory) : null;
    },
  };
}

function isKind(path: string, kind: 'file' | 'directory'): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  const isRight = kind === 'file' ? stat?.isFile() : stat?.isDirectory();
  return isRight === true && realpathSync(path) === path;
}
