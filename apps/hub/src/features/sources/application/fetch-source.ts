import type { SourceId } from '@fairlead/shared/kernel';
import { degradedReason } from '../domain/degraded-reason.ts';
import type { SourceRepositories } from './source-repositories.ts';
import type { SourceStore } from './source.store.ts';

/**
 * Fetches one source and records what was found: a new head, or why the source cannot be followed. A degraded source
 * changes nothing on any cluster; what was read before stays.
 */
export class FetchSource {
  readonly #store: SourceStore;
  readonly #repositories: SourceRepositories;

  constructor(options: { store: SourceStore; repositories: SourceRepositories }) {
    this.#store = options.store;
    this.#repositories = options.repositories;
  }

  async fetch(id: SourceId): Promise<void> {
    const source = await this.#store.findFollowed(id);
    if (source === null) return;
    try {
      const head = await this.#repositories
        .of(source.id)
        .fetch({ url: source.url, ref: source.ref, previous: source.headCommit });
      await this.#store.recordHead(source.id, head);
    } catch (error) {
      const reason = degradedReason(error, source);
      if (reason === null) throw error;
      await this.#store.recordDegraded(source.id, reason);
    }
  }
}
