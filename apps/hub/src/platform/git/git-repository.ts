import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { CatFile, type GitObject } from './cat-file.ts';
import { runGit } from './git-command.ts';
import { localFailure, unknownCommit, unknownRef, unreachable } from './git.errors.ts';
import { parseCommit, type Commit } from './commit-object.ts';
import { parseTree, type TreeListing } from './tree-listing.ts';
import { checkRepositoryUrl } from './repository-url.ts';
import { WeightedCache } from './object-cache.ts';

export interface FetchedHead extends Commit {
  /** The commit known before is no ancestor of this one: somebody rewrote the branch. */
  rewritten: boolean;
}

export interface FetchRequest {
  url: string;
  /** Branch, tag or full ref (`refs/…`); a branch wins over a tag of the same name. */
  ref: string;
  /** The head known before, to notice rewritten history. */
  previous: string | null;
}

export type Blob = { status: 'found'; content: Buffer } | { status: 'too-large'; size: number } | { status: 'missing' };

export interface GitRepositoryOptions {
  directory: string;
  fetchTimeoutMs: number;
  blobs: WeightedCache<Buffer>;
}

const headRef = 'refs/fairlead/head';
// Names begin with the second they were made in, so that those left behind by a crash can be told.
const borrowedRefs = 'refs/fairlead/preview/';
const longestBorrowedSeconds = 3600;
const localTimeoutMs = 60_000;
const readerIdleMs = 60_000;
const fetchesBetweenTidying = 200;
const commitName = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

/** The hub's bare copy of one repository: fetched by explicit refspec, read object by object, never checked out. */
export class GitRepository {
  readonly #options: GitRepositoryOptions;
  readonly #reader: CatFile;
  readonly #trees = new WeightedCache<TreeListing>(200_000);
  #created: Promise<void> | null = null;
  #fetches = 0;
  #hasBorrowed = false;
  #tidying: Promise<unknown> = Promise.resolve();

  constructor(options: GitRepositoryOptions) {
    this.#options = options;
    this.#reader = new CatFile(options.directory, { idleMs: readerIdleMs });
  }

  /** Fetches the followed ref and keeps its commit for good. Throws `git.unknown-ref` or `git.unreachable`. */
  async fetch(request: FetchRequest): Promise<FetchedHead> {
    await this.#create();
    await this.#fetchRef(checkRepositoryUrl(request.url), request.ref, headRef);
    const head = await this.readCommit(headRef);
    const isNew = head.commit !== request.previous;
    const [rewritten] = await Promise.all([
      isNew && request.previous !== null ? this.#isRewritten(request.previous, head.commit) : false,
      isNew ? this.#keep(head.commit) : null,
    ]);
    this.#tidySometimes();
    return { ...head, rewritten };
  }

  /**
   * Fetches a branch, tag, full ref or commit that is not followed, for as long as `use` takes; nothing points to it
   * afterwards, and what is followed stays as it was.
   */
  async borrow<T>(request: { url: string; ref: string }, use: (commit: Commit) => Promise<T>): Promise<T> {
    await this.#create();
    await this.#dropLeftBehind();
    const name = `${borrowedRefs}${Math.floor(Date.now() / 1000)}-${randomUUID()}`;
    try {
      await this.#fetchRef(checkRepositoryUrl(request.url), request.ref, name);
      return await use(await this.readCommit(name));
    } finally {
      this.#hasBorrowed = true;
      await this.#deleteRefs([name]);
      this.#tidySometimes();
    }
  }

  /** Makes sure that the local copy has `commit`, fetching when it does not: another replica may have fetched it. */
  async ensureCommit(commit: string, from: { url: string; ref: string }): Promise<void> {
    await this.#create();
    if ((await this.#read(`${commit}^{commit}`, 0)).status !== 'missing') return;
    await this.fetch({ ...from, previous: null });
    if ((await this.#read(`${commit}^{commit}`, 0)).status === 'missing') throw unknownCommit(commit);
  }

  /** Author, subject and time of a commit (or of what a ref points to). Throws `git.unknown-commit`. */
  async readCommit(name: string): Promise<Commit> {
    const object = await this.#read(`${name}^{commit}`, 1024 * 1024);
    if (object.status !== 'found') throw unknownCommit(name);
    return parseCommit(object.oid, object.content);
  }

  /** Every file of a commit. Throws `git.unknown-commit`. */
  async listFiles(commit: string): Promise<TreeListing> {
    if (!commitName.test(commit)) throw unknownCommit(commit);
    const known = this.#trees.get(commit);
    if (known) return known;
    const object = await this.#read(`${commit}^{commit}`, 1024 * 1024);
    if (object.status === 'missing') throw unknownCommit(commit);
    const listing = parseTree(await this.#git(['ls-tree', '-r', '-z', '--full-tree', commit]));
    this.#trees.set(commit, listing, listing.files.size);
    return listing;
  }

  /** The content of blobs, by object id. Blobs above `maxBytes` are not loaded. */
  async readBlobs(oids: Iterable<string>, maxBytes: number): Promise<Map<string, Blob>> {
    const blobs = await Promise.all(
      [...new Set(oids)].map(async (oid) => [oid, await this.#blob(oid, maxBytes)] as const),
    );
    return new Map(blobs);
  }

  /** Ends the reader process and waits for housekeeping. */
  async close(): Promise<void> {
    this.#reader.close();
    await this.#tidying;
  }

  async #blob(oid: string, maxBytes: number): Promise<Blob> {
    const known = this.#options.blobs.get(oid);
    if (known)
      return known.length > maxBytes
        ? { status: 'too-large', size: known.length }
        : { status: 'found', content: known };
    const object = await this.#read(oid, maxBytes);
    if (object.status !== 'found') return object;
    this.#options.blobs.set(oid, object.content, object.content.length);
    return { status: 'found', content: object.content };
  }

  /** Reads once more when the reader process died under the first read. */
  async #read(name: string, maxBytes: number): Promise<GitObject> {
    try {
      return await this.#reader.read(name, maxBytes);
    } catch {
      return this.#reader.read(name, maxBytes);
    }
  }

  #create(): Promise<void> {
    const { directory } = this.#options;
    this.#created ??= mkdir(directory, { recursive: true, mode: 0o700 })
      .then(() => this.#git(['init', '--bare', '--quiet', '--template=', '.']))
      .then(
        () => undefined,
        (cause: unknown) => {
          this.#created = null;
          throw localFailure('the local copy cannot be created', cause);
        },
      );
    return this.#created;
  }

  async #dropLeftBehind(): Promise<void> {
    const refs = (await this.#git(['for-each-ref', '--format=%(refname)', borrowedRefs])).split('\n').filter(Boolean);
    const oldest = Date.now() / 1000 - longestBorrowedSeconds;
    await this.#deleteRefs(refs.filter((ref) => Number.parseInt(ref.slice(borrowedRefs.length), 10) < oldest));
  }

  async #deleteRefs(refs: readonly string[]): Promise<void> {
    if (refs.length === 0) return;
    const update = `start\n${refs.map((ref) => `delete ${ref}\n`).join('')}commit\n`;
    await runGit(this.#options.directory, localTimeoutMs, ['update-ref', '--stdin'], update);
  }

  async #fetchRef(url: string, ref: string, into: string): Promise<void> {
    const isFull = ref.startsWith('refs/') || commitName.test(ref);
    const candidates = isFull ? [ref] : [`refs/heads/${ref}`, `refs/tags/${ref}`];
    for (const candidate of candidates) {
      try {
        await runGit(this.#options.directory, this.#options.fetchTimeoutMs, [
          'fetch', '--verbose', '--force', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules', '--no-auto-maintenance',
          '--end-of-options', url, `+${candidate}:${into}`,
        ]); // prettier-ignore
        return;
      } catch (error) {
        const problem = problemOf(error);
        if (!/couldn't find remote ref|invalid refspec|not our ref/.test(problem)) throw unreachable(problem, error);
      }
    }
    throw unknownRef(ref);
  }

  async #keep(commit: string): Promise<void> {
    // As a transaction on standard input, since that answers.
    const update = `start\nupdate refs/fairlead/keep/${commit} ${commit}\ncommit\n`;
    await runGit(this.#options.directory, localTimeoutMs, ['update-ref', '--stdin'], update);
  }

  async #isRewritten(previous: string, commit: string): Promise<boolean> {
    // No common ancestor at all makes git fail without a word, which reads as an empty answer.
    const base = await this.#git(['merge-base', previous, commit]);
    return base.trim() !== previous;
  }

  #git(command: readonly string[]): Promise<string> {
    return runGit(this.#options.directory, localTimeoutMs, command);
  }

  /** Packs what many small fetches left behind, out of the way of the fetch that noticed. */
  #tidySometimes(): void {
    this.#fetches += 1;
    if (this.#fetches % fetchesBetweenTidying !== 0) return;
    // A failure costs only disk space, and the next round tries again.
    const command = this.#hasBorrowed ? ['gc', '--quiet', '--prune=1.hour.ago'] : ['repack', '-d', '-q'];
    this.#hasBorrowed = false;
    this.#tidying = this.#git(command).catch(() => null);
  }
}

function problemOf(error: unknown): string {
  if (error instanceof Error && 'details' in error) {
    const { details } = error as { details: { problem?: unknown } };
    if (typeof details.problem === 'string') return details.problem;
  }
  return 'git failed';
}
