import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SourceTree } from '@fairlead/render';

/** The files below a directory as the hub sees those of a commit: regular files only, no links, nothing of Git. */
export function localTree(root: string): SourceTree {
  return {
    readFile(path) {
      return kindOf(root, path) === 'file' ? readFileSync(join(root, path)) : null;
    },
    listDirectory(path) {
      if (kindOf(root, path) !== 'directory') return null;
      return readdirSync(join(root, path)).filter(
        (name) => name !== '.git' && kindOf(root, `${path}/${name}`) !== null,
      );
    },
  };
}

/** The directory of the repository that a directory is in, or the directory itself. */
export function repositoryRoot(directory: string): string {
  for (let each = directory; ; each = dirname(each)) {
    if (lstatSync(join(each, '.git'), { throwIfNoEntry: false }) !== undefined) return each;
    if (dirname(each) === each) return directory;
  }
}

/** Null for what is not there, and for what Git would not give as a file: links, sockets, and whatever is behind a link. */
function kindOf(root: string, path: string): 'file' | 'directory' | null {
  let place = root;
  let kind: 'file' | 'directory' | null = 'directory';
  for (const part of path.split('/').filter((each) => each !== '')) {
    place = join(place, part);
    const stat = lstatSync(place, { throwIfNoEntry: false });
    if (kind !== 'directory' || stat === undefined) return null;
    kind = stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : null;
  }
  return kind;
}
