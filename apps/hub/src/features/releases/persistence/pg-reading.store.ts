import sql from 'sql-template-tag';
import type { AppId, ClusterId, GroupId, SourceId } from '@fairlead/shared/kernel';
import { inTransaction, type Pool } from '../../../platform/database/pool.ts';
import type {
  GroupDraft,
  GroupToRead,
  LiveRelease,
  OwnershipConflict,
  ReadingStore,
  RenderCluster,
  SourceToRead,
  StoredRelease,
  StoredTrace,
} from '../application/reading.store.ts';
import type { RenderedApp } from '../application/renderer.ts';
import type { Discovery, Surroundings } from '../domain/discover-apps.ts';
import type { Comparison, DraftTarget, ReleaseDraft } from '../domain/release-draft.ts';
import { listClusters } from './cluster-rows.ts';
import { findConflicts } from './conflict-rows.ts';
import { saveContent } from './content-rows.ts';
import { updateApps } from './app-rows.ts';
import { addTargets, findNewest, listLiveReleases } from './release-rows.ts';
import { recordDraft } from './record-draft.ts';
import { readTraces, saveTraces } from './trace-rows.ts';

interface SourceRow {
  id: SourceId;
  name: string;
  url: string;
  ref: string;
  commit: string;
  author: string;
  subject: string;
}

/** The reading store on PostgreSQL; the statements stand in the files beside, by table. */
export class PgReadingStore implements ReadingStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async findSource(id: SourceId): Promise<SourceToRead | null> {
    const { rows } = await this.#pool.query<SourceRow>(sql`
      select s.id, s.name, s.url, s.ref, c.commit, c.author, c.subject
      from sources s join source_commits c on c.source_id = s.id and c.commit = s.head_commit
      where s.id = ${id}`);
    const [row] = rows;
    if (!row) return null;
    const { name, url, ref, commit, author, subject } = row;
    return { id, name, url, ref, head: { commit, author, subject } };
  }

  async listUnread(): Promise<SourceId[]> {
    const { rows } = await this.#pool.query<{ id: SourceId }>(sql`
      select s.id from sources s join source_commits c on c.source_id = s.id and c.commit = s.head_commit
      where c.processed_at is null order by s.id`);
    return rows.map(({ id }) => id);
  }

  async markRead(source: SourceId, commit: string): Promise<void> {
    await this.#pool.query(sql`
      update source_commits set processed_at = now() where source_id = ${source} and commit = ${commit}`);
  }

  listClusters(): Promise<RenderCluster[]> {
    return listClusters(this.#pool);
  }

  updateApps(
    source: SourceToRead,
    decide: (around: Surroundings) => Discovery,
  ): Promise<{ discovery: Discovery; groups: GroupToRead[] }> {
    return inTransaction(this.#pool, (tx) => updateApps(tx, source, decide));
  }

  readTraces(app: AppId): Promise<Map<ClusterId, StoredTrace>> {
    return readTraces(this.#pool, app);
  }

  async saveTraces(app: AppId, commit: string, traces: ReadonlyMap<ClusterId, StoredTrace>): Promise<void> {
    if (traces.size > 0) await saveTraces(this.#pool, { app, commit, traces });
  }

  async saveContent(content: Pick<RenderedApp, 'snapshots' | 'blobs'>): Promise<void> {
    if (content.snapshots.length > 0) await inTransaction(this.#pool, (tx) => saveContent(tx, content));
  }

  findNewest(group: GroupId): Promise<{ newest: StoredRelease | null; ready: StoredRelease | null }> {
    return findNewest(this.#pool, group);
  }

  async listReleaseNumbers(source: SourceId): Promise<Map<GroupId, number>> {
    const { rows } = await this.#pool.query<{ id: GroupId; number: number }>(sql`
      select id, last_release_number as number from app_groups where source_id = ${source}`);
    return new Map(rows.map(({ id, number }) => [id, number]));
  }

  findConflicts(changed: readonly DraftTarget[], drafts: readonly GroupDraft[]): Promise<OwnershipConflict[]> {
    return findConflicts(this.#pool, changed, drafts);
  }

  recordDraft(record: {
    source: SourceToRead;
    group: GroupToRead;
    draft: ReleaseDraft;
    newest: StoredRelease | null;
    comparison: Comparison;
  }): Promise<void> {
    return inTransaction(this.#pool, (tx) => recordDraft(tx, record));
  }

  listLiveReleases(source: SourceId): Promise<LiveRelease[]> {
    return listLiveReleases(this.#pool, source);
  }

  addTargets(release: LiveRelease, targets: readonly DraftTarget[]): Promise<void> {
    return inTransaction(this.#pool, (tx) => addTargets(tx, release, targets));
  }
}
