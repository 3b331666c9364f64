/** The files of one commit. */
export interface TreeListing {
  /** Path -> blob id of every regular file. */
  files: ReadonlyMap<string, string>;
  /** Symbolic links and submodules: present, but never followed. */
  unfollowed: ReadonlySet<string>;
}

const entryForm = /^(\d{6}) (blob|commit|tree) ([0-9a-f]+)\t(.+)$/s;

/** Reads the output of `git ls-tree -r -z`. */
export function parseTree(output: string): TreeListing {
  const files = new Map<string, string>();
  const unfollowed = new Set<string>();
  for (const line of output.split('\0')) {
    const entry = entryForm.exec(line);
    if (entry === null) continue;
    const [, mode = '', , oid = '', path = ''] = entry;
    if (mode.startsWith('100')) files.set(path, oid);
    else unfollowed.add(path);
  }
  return { files, unfollowed };
}
