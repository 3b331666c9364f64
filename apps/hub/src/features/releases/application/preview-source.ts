import type { CreatePreview, Preview } from '@fairlead/shared/contracts';
import type { AppId, GroupId } from '@fairlead/shared/kernel';
import type { CommitFacts, SourceRepositories } from '../../sources/application/source-repositories.ts';
import { groupOf } from '../domain/app-definition.ts';
import { discoverApps, type Discovery, type Surroundings } from '../domain/discover-apps.ts';
import { previewMarkdown } from '../domain/preview-markdown.ts';
import { previewBusy, previewTooSlow, sourceNotFound } from '../domain/release.errors.ts';
import { openCommit } from './commit-tree.ts';
import { comparePreview, type PreviewedGroup } from './compare-preview.ts';
import { draftGroup } from './draft-group.ts';
import { PreviewContent } from './preview-content.ts';
import type { PreviewSource, PreviewStore } from './preview.store.ts';
import type { GroupToRead } from './reading.store.ts';
import type { Renderer } from './renderer.ts';
import type { ShowReleases } from './show-releases.ts';

interface Ports {
  store: PreviewStore;
  repositories: SourceRepositories;
  renderer: Renderer;
  show: ShowReleases;
  timeLimitMs: number;
}

/**
 * What a branch, tag, pull request or commit of a source would change on the whole fleet. It is read and rendered as the
 * followed ref is, and forgotten again: nothing of it is stored, no render takes it over, and nothing is released from it.
 */
export class PreviewSourceRef {
  readonly #ports: Ports;
  #isBusy = false;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** One at a time, so that previews cannot keep the renderer from the commits that are followed. */
  async preview(name: string, request: CreatePreview): Promise<Preview> {
    if (this.#isBusy) throw previewBusy();
    this.#isBusy = true;
    let run: PreviewRun;
    try {
      const source = await this.#ports.store.findSource(name);
      if (source === null) throw sourceNotFound(name);
      run = new PreviewRun(this.#ports, source, request);
    } catch (error) {
      this.#isBusy = false;
      throw error;
    }
    const work = run.run().finally(() => (this.#isBusy = false));
    // Answered for by the race; this only keeps a late failure from being unhandled.
    work.catch(() => null);
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        run.stop();
        reject(previewTooSlow(this.#ports.timeLimitMs));
      }, this.#ports.timeLimitMs);
    });
    try {
      return await Promise.race([work, limit]);
    } finally {
      clearTimeout(timer);
    }
  }
}

class PreviewRun {
  readonly #ports: Ports;
  readonly #source: PreviewSource;
  readonly #request: CreatePreview;
  readonly #content: PreviewContent;
  #isStopped = false;

  constructor(ports: Ports, source: PreviewSource, request: CreatePreview) {
    this.#ports = ports;
    this.#source = source;
    this.#request = request;
    this.#content = new PreviewContent(ports.store);
  }

  /** Ends the run at its next step. */
  stop(): void {
    this.#isStopped = true;
  }

  async run(): Promise<Preview> {
    const { repositories } = this.#ports;
    const { id, url } = this.#source;
    return repositories.of(id).borrow({ url, ref: this.#request.ref }, (commit) => this.#judge(commit));
  }

  async #judge(commit: CommitFacts): Promise<Preview> {
    const { store, renderer, repositories, show } = this.#ports;
    const tree = await openCommit(repositories, this.#source, commit.commit);
    const read = await renderer.readApps(tree, tree.manifestFiles());
    const around = await store.readSurroundings(this.#source);
    const discovery = discoverApps(read, around);
    const known = await store.listApps(this.#source.id);
    const clusters = await store.listClusters();
    const groups: PreviewedGroup[] = [];
    for (const group of groupsOf(discovery, around, known)) {
      if (this.#isStopped) throw previewTooSlow(this.#ports.timeLimitMs);
      if (!this.#concerns(group)) continue;
      const { newest, ready } = await store.findNewest(group.id);
      const drafted = await draftGroup({ store: this.#content, renderer }, { tree, group, clusters, ready });
      groups.push({ group, drafted, newest, ready });
    }
    const compared = await comparePreview(
      { groups, discovery, app: this.#request.app ?? null },
      { content: this.#content, show },
    );
    const { author, subject } = commit;
    const preview = {
      source: this.#source.name,
      ref: this.#request.ref,
      commit: commit.commit,
      author,
      subject,
      ...compared,
    };
    return { ...preview, markdown: previewMarkdown(preview) };
  }

  #concerns({ apps }: GroupToRead): boolean {
    return this.#request.app === undefined || apps.some(({ name }) => name === this.#request.app);
  }
}

// Apps and groups that are not there yet have no renders and no releases.
const noId = 0;

/** The groups as reading the commit would make them. */
function groupsOf(
  { accepted, refused }: Discovery,
  around: Surroundings,
  known: readonly { id: AppId; name: string; groupId: GroupId; group: string }[],
): GroupToRead[] {
  const byName = new Map(known.map((app) => [app.name, app]));
  const groupIds = new Map(known.map(({ group, groupId }) => [group, groupId]));
  const groups = new Map<string, GroupToRead>();
  const enter = (name: string, app: Omit<GroupToRead['apps'][number], 'id'>): void => {
    const group = groups.get(name) ?? { id: groupIds.get(name) ?? (noId as GroupId), name, apps: [] };
    group.apps.push({ id: byName.get(app.name)?.id ?? (noId as AppId), ...app });
    groups.set(name, group);
  };
  for (const definition of accepted) enter(groupOf(definition), { name: definition.name, definition });
  const elsewhere = new Set(around.apps.filter(({ source }) => source !== around.source).map(({ name }) => name));
  for (const name of new Set(refused.flatMap((each) => each.name ?? []))) {
    if (!elsewhere.has(name)) enter(byName.get(name)?.group ?? name, { name, definition: null });
  }
  return [...groups.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
}
