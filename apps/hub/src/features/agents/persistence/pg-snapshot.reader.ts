import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import sql from 'sql-template-tag';
import type { SnapshotResponse } from '@fairlead/shared/contracts';
import type { ClusterId, Digest } from '@fairlead/shared/kernel';
import type { Pool } from '../../../platform/database/pool.ts';
import type { SnapshotReader } from '../application/assignment.reader.ts';

const unzip = promisify(gunzip);

export class PgSnapshotReader implements SnapshotReader {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async assignedSnapshot(request: {
    clusterId: ClusterId;
    digest: Digest;
    base: Digest | null;
  }): Promise<SnapshotResponse | null> {
    const { clusterId, digest, base } = request;
    const { rowCount } = await this.#pool.query(sql`
      select 1 from assignments where cluster_id = ${clusterId} and digest = ${digest} limit 1`);
    if (!rowCount) return null;
    const { rows: objects } = await this.#pool.query<{ id: string; digest: string }>(sql`
      select object_id as id, blob_digest as digest from snapshot_objects
      where snapshot_digest = ${digest} order by ordinal`);
    const { rows: blobs } = await this.#pool.query<{ digest: string; content: Buffer }>(sql`
      select b.digest, b.content from blobs b
      where b.digest in (select blob_digest from snapshot_objects where snapshot_digest = ${digest})
        and b.digest not in (select blob_digest from snapshot_objects where snapshot_digest = ${base ?? ''})`);
    return {
      digest,
      objects,
      blobs: await Promise.all(
        blobs.map(async (blob) => ({ digest: blob.digest, json: (await unzip(blob.content)).toString('utf8') })),
      ),
    };
  }
}
