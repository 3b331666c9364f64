import type { SourceId } from '@fairlead/shared/kernel';
import type { SourceRepositories } from '../../sources/application/source-repositories.ts';
import { discoverApps } from '../domain/discover-apps.ts';
import { compareWithNewest } from '../domain/release-draft.ts';
import { openCommit } from './commit-tree.ts';
import { completeReleases } from './complete-releases.ts';
import { draftGroup } from './draft-group.ts';
import type { ReadingStore } from './reading.store.ts';
import { refuseConflicts, type ComparedDraft } from './refuse-conflicts.ts';
import type { Renderer } from './renderer.ts';

/**
 * Reads the newest commit of a source: which apps there are, what they come to on every cluster, and whether that is
 * anything new. Safe to repeat at any point: content is stored by digest, and a release is only recorded when it differs
 * from the newest one. Also what a joined or relabelled cluster is worked in by.
 */
export class ReadCommit {
  readonly #store: ReadingStore;
  readonly #repositories: SourceRepositories;
  readonly #renderer: Renderer;

  constructor(options: { store: ReadingStore; repositories: SourceRepositories; renderer: Renderer }) {
    this.#store = options.store;
    this.#repositories = options.repositories;
    this.#renderer = options.renderer;
  }

  async read(id: SourceId): Promise<void> {
    const source = await this.#store.findSource(id);
    if (source === null) return;
    const ports = { store: this.#store, renderer: this.#renderer, repositories: this.#repositories };
    const tree = await openCommit(this.#repositories, source, source.head.commit);
    const read = await this.#renderer.readApps(tree, tree.manifestFiles());
    const { groups } = await this.#store.updateApps(source, (around) => discoverApps(read, around));
    const clusters = await this.#store.listClusters();

    let isComplete = true;
    const drafts: ComparedDraft[] = [];
    for (const group of groups) {
      const { newest, ready } = await this.#store.findNewest(group.id);
      const drafted = await draftGroup(ports, { tree, group, clusters, ready });
      if (drafted === null) continue;
      if (drafted.isTransient) isComplete = false;
      drafts.push({ group, draft: drafted.draft, newest });
    }
    for (const { group, draft, newest } of await refuseConflicts(this.#store, drafts)) {
      const comparison = compareWithNewest(draft, newest);
      await this.#store.recordDraft({ source, group, draft, newest, comparison });
    }
    await completeReleases(ports, source, clusters);
    // Left unread, the sweep tries the renders again that failed for a reason that may have passed.
    if (isComplete) await this.#store.markRead(source.id, source.head.commit);
  }

  /** Sources whose head has not been read to its end. Asked at the start and from time to time. */
  listUnread(): Promise<SourceId[]> {
    this.#renderer.warm();
    return this.#store.listUnread();
  }
}
