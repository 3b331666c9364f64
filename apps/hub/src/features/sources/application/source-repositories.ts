/** One commit as Git has it. */
export interface CommitFacts {
  commit: string;
  author: string;
  subject: string;
  committedAtMs: number;
}

export type BlobContent =
  { status: 'found'; content: Uint8Array } | { status: 'too-large'; size: number } | { status: 'missing' };

/** The hub's copy of one source's repository. */
export interface SourceRepository {
  /** Fetches the followed ref; AppErrors tell an unknown ref from an unreachable repository. */
  fetch(request: { url: string; ref: string; previous: string | null }): Promise<CommitFacts & { rewritten: boolean }>;
  /** Makes sure that a commit is here: another replica may have been the one that fetched it. */
  ensureCommit(commit: string, from: { url: string; ref: string }): Promise<void>;
  /** Fetches a ref or commit that is not followed, for as long as `use` takes, and forgets it then. */
  borrow<T>(request: { url: string; ref: string }, use: (commit: CommitFacts) => Promise<T>): Promise<T>;
  readCommit(commit: string): Promise<CommitFacts>;
  /** Path -> content id of every regular file of a commit. */
  listFiles(commit: string): Promise<{ files: ReadonlyMap<string, string> }>;
  readBlobs(contentIds: Iterable<string>, maxBytes: number): Promise<Map<string, BlobContent>>;
}

/** The copies of all sources, by source id. */
export interface SourceRepositories {
  of(sourceId: number): SourceRepository;
}

export const SOURCE_REPOSITORIES = Symbol('SourceRepositories');
