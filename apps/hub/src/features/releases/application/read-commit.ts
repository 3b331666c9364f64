import type { GroupId, SourceId } from '@fairlead/shared/kernel';
import type { SourceRepositories } from '../../sources/application/source-repositories.ts';
import { discoverApps } from '../domain/discover-apps.ts';
import { compareWithNewest } from '../domain/release-draft.ts';
import type { PathTrace } from '../domain/render-trace.ts';
import { openCommit } from './commit-tree.ts';
import { completeReleases } from './complete-releases.ts';
import { draftGroup } from './draft-group.ts';
import { circumstancesOf, ReadingMemory } from './reading-memory.ts';
import type { ReadingStore } from './reading.store.ts';
import { factsOf } from './render-targets.ts';
import { refuseConflicts, type ComparedDraft } from './refuse-conflicts.ts';
import type { Renderer } from './renderer.ts';

// So that the workers render while the content of another group is stored.
const groupsAtOnce = 4;

/**
 * Reads the newest commit of a source: which apps there are, what they come to on every cluster, and whether that is
 * anything new. Safe to repeat at any point: content is stored by digest, and a release is only recorded when it differs
 * from the newest one. Also what a joined or relabelled cluster is worked in by.
 */
export class ReadCommit {
  readonly #store: ReadingStore;
  readonly #repositories: SourceRepositories;
  readonly #renderer: Renderer;
  readonly #memory = new ReadingMemory();

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

    const circumstances = circumstancesOf(
      clusters.map((cluster) => factsOf(cluster, this.#renderer)),
      this.#renderer,
    );
    const releases = await this.#store.listReleaseNumbers(source.id);
    const changed = groups.filter(
      (group) => !this.#memory.isSettled(group, { release: releases.get(group.id), circumstances, tree }),
    );

    let isComplete = true;
    const drafts: ComparedDraft[] = [];
    const looked = new Map<GroupId, PathTrace[] | null>();
    const readings = mapInParallel(changed, groupsAtOnce, async (group) => {
      const { newest, ready } = await this.#store.findNewest(group.id);
      return { group, newest, drafted: await draftGroup(ports, { tree, group, clusters, ready }) };
    });
    for (const { group, newest, drafted } of await readings) {
      if (drafted === null) continue;
      if (drafted.isTransient) isComplete = false;
      drafts.push({ group, draft: drafted.draft, newest });
      looked.set(group.id, drafted.traces);
    }
    for (const { group, draft, newest } of await refuseConflicts(this.#store, drafts)) {
      const comparison = compareWithNewest(draft, newest);
      await this.#store.recordDraft({ source, group, draft, newest, comparison });
      const traces = looked.get(group.id) ?? null;
      this.#memory.note(group, { draft, newest, comparison, traces, circumstances });
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

/** The results are in the order of the items. */
async function mapInParallel<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const left = items.entries();
  const run = async (): Promise<void> => {
    for (const [index, item] of left) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, run));
  return results;
}
