import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import sql from 'sql-template-tag';
import type { AppId, ClusterId, GroupId, SourceId } from '@fairlead/shared/kernel';
import { inTransaction, type Pool, type Tx } from '../../../platform/database/pool.ts';
import type { PreviewSource, PreviewStore } from '../application/preview.store.ts';
import type { RenderCluster, StoredRelease, StoredTrace } from '../application/reading.store.ts';
import type { Surroundings } from '../domain/discover-apps.ts';
import type { SnapshotObjects } from '../domain/target-changes.ts';
import { readSurroundings } from './app-rows.ts';
import { listClusters } from './cluster-rows.ts';
import { findNewest } from './release-rows.ts';
import { listObjects } from './snapshot-rows.ts';
import { readTraces } from './trace-rows.ts';

const unzip = promisify(gunzip);

/** What previews see, read in transactions that cannot write. */
export class PgPreviewStore implements PreviewStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  findSource(name: string): Promise<PreviewSource | null> {
    return this.#read(async (tx) => {
      const { rows } = await tx.query<PreviewSource>(sql`select id, name, url, ref from sources where name = ${name}`);
      return rows[0] ?? null;
    });
  }

  readSurroundings(source: PreviewSource): Promise<Surroundings> {
    return this.#read((tx) => readSurroundings(tx, source));
  }

  listApps(source: SourceId): Promise<{ id: AppId; name: string; groupId: GroupId; group: string }[]> {
    return this.#read(async (tx) => {
      const { rows } = await tx.query<{ id: AppId; name: string; groupId: GroupId; group: string }>(sql`
        select a.id, a.name, g.id as "groupId", g.name as group from apps a join app_groups g on g.id = a.group_id
        where a.source_id = ${source} and a.state <> 'orphan-candidate' order by a.name`);
      return rows;
    });
  }

  listClusters(): Promise<RenderCluster[]> {
    return this.#read(listClusters);
  }

  readTraces(app: AppId): Promise<Map<ClusterId, StoredTrace>> {
    return this.#read((tx) => readTraces(tx, app));
  }

  findNewest(group: GroupId): Promise<{ newest: StoredRelease | null; ready: StoredRelease | null }> {
    return this.#read((tx) => findNewest(tx, group));
  }

  listObjects(digests: readonly string[]): Promise<Map<string, SnapshotObjects>> {
    return this.#read((tx) => listObjects(tx, digests));
  }

  findBlobs(digests: readonly string[]): Promise<Set<string>> {
    return this.#read(async (tx) => {
      const { rows } = await tx.query<{ digest: string }>(sql`
        select digest from blobs where digest = any (${digests}::text[])`);
      return new Set(rows.map(({ digest }) => digest));
    });
  }

  async unpack(content: Uint8Array): Promise<string> {
    return (await unzip(content)).toString('utf8');
  }

  #read<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return inTransaction(this.#pool, async (tx) => {
      await tx.query('set transaction read only');
      return work(tx);
    });
  }
}
