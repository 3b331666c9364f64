import { join } from 'node:path';
import { GitRepository } from './git-repository.ts';
import { WeightedCache } from './object-cache.ts';

const blobCacheBytes = 64 * 1024 * 1024;

/** The bare copies of all sources, below one directory. Blobs are cached by content, whichever source they come from. */
export class GitRepositories {
  readonly #root: string;
  readonly #fetchTimeoutMs: number;
  readonly #blobs = new WeightedCache<Buffer>(blobCacheBytes);
  readonly #open = new Map<number, GitRepository>();

  constructor(options: { root: string; fetchTimeoutMs: number }) {
    this.#root = options.root;
    this.#fetchTimeoutMs = options.fetchTimeoutMs;
  }

  /** The copy of one source; created by its first fetch. */
  of(sourceId: number): GitRepository {
    const known = this.#open.get(sourceId);
    if (known) return known;
    const repository = new GitRepository({
      directory: join(this.#root, `${sourceId}.git`),
      fetchTimeoutMs: this.#fetchTimeoutMs,
      blobs: this.#blobs,
    });
    this.#open.set(sourceId, repository);
    return repository;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map((repository) => repository.close()));
    this.#open.clear();
  }
}
