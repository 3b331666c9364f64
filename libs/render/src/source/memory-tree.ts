import type { SourceTree } from './source-tree.ts';
import { baseName, directoryOf } from './tree-path.ts';

export interface MemoryFile {
  readonly content: string | Uint8Array;
  readonly contentId: string | null;
}

/** A source tree over files that were loaded before, such as the blobs of a commit. */
export function memoryTree(files: ReadonlyMap<string, MemoryFile>): SourceTree {
  const directories = new Map<string, Set<string>>([['', new Set()]]);
  for (const path of files.keys()) {
    for (let entry = path; entry !== ''; entry = directoryOf(entry)) {
      const parent = directoryOf(entry);
      const names = directories.get(parent) ?? new Set<string>();
      directories.set(parent, names.add(baseName(entry)));
    }
  }
  const listings = new Map([...directories].map(([path, names]) => [path, [...names]]));
  return {
    readFile: (path) => files.get(path)?.content ?? null,
    listDirectory: (path) => listings.get(path) ?? null,
    contentId: (path) => files.get(path)?.contentId ?? null,
  };
}

/** The same for texts without content ids, as written in tests. */
export function textTree(texts: Readonly<Record<string, string>>): SourceTree {
  return memoryTree(new Map(Object.entries(texts).map(([path, content]) => [path, { content, contentId: null }])));
}
