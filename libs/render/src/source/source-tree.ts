/** The files of one commit, read-only. Paths are relative to the root, with `/`, without `.` and `..`. */
export interface SourceTree {
  /** The content of a file, or null when there is no such file. */
  readFile(path: string): string | Uint8Array | null;
  /** The names in a directory (any order), or null when there is no such directory; `''` is the root. */
  listDirectory(path: string): readonly string[] | null;
  /** Names the content of a file (such as a Git blob id); lets renders share parsed files. */
  contentId?(path: string): string | null;
}

/** What a render looked at; a later render with the same answers gives the same result. */
export interface RenderTrace {
  /** Files read, with the content id when the tree offers one. */
  readonly files: readonly { readonly path: string; readonly contentId: string | null }[];
  readonly directories: readonly string[];
  /** Paths that were looked for and are not there. */
  readonly absent: readonly string[];
  /** Variables with the value they had, sorted by name. */
  readonly variables: readonly { readonly name: string; readonly value: string }[];
}

export interface RenderLimits {
  readonly maxObjects: number;
  readonly maxOutputBytes: number;
  readonly maxFiles: number;
  readonly maxReadBytes: number;
  readonly maxFileBytes: number;
  readonly maxNesting: number;
}

export const defaultLimits: RenderLimits = {
  maxObjects: 2000,
  maxOutputBytes: 10 * 1024 * 1024,
  maxFiles: 2000,
  maxReadBytes: 20 * 1024 * 1024,
  maxFileBytes: 1024 * 1024,
  maxNesting: 20,
};
