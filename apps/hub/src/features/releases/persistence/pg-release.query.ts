import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import sql, { empty, type Sql } from 'sql-template-tag';
import type { App, ObjectExplanation, Release, ReleaseTarget } from '@fairlead/shared/contracts';
import type { ReleaseId } from '@fairlead/shared/kernel';
import type { SnapshotObjects } from '../domain/target-changes.ts';
import { listObjects } from './snapshot-rows.ts';
import type { Pool } from '../../../platform/database/pool.ts';
import type { ExplainedTarget, ReleaseQuery, TargetSnapshot } from '../application/release.query.ts';

const unzip = promisify(gunzip);

interface AppRow extends Omit<App, 'errorsCommit'> {
  errors_commit: string | null;
}

interface ReleaseRow extends Omit<Release, 'createdAt'> {
  created_at: Date;
}

const apps: Sql = sql`
  select a.id, a.name, s.name as source, a.directory, g.name as group, a.state, a.errors, a.commit, a.errors_commit
  from apps a join sources s on s.id = a.source_id join app_groups g on g.id = a.group_id`;

const releases: Sql = sql`
  select r.id, g.name as group, r.number, r.commit, r.subject, r.author, r.digest, r.state, r.errors, r.created_at,
    (select count(*) from release_targets rt where rt.release_id = r.id) as targets
  from releases r join app_groups g on g.id = r.group_id`;

export class PgReleaseQuery implements ReleaseQuery {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async listApps({ afterName, limit }: { afterName: string | null; limit: number }): Promise<App[]> {
    const { rows } = await this.#pool.query<AppRow>(
      sql`${apps} where a.name > ${afterName ?? ''} order by a.name limit ${limit}`,
    );
    return rows.map(rowToApp);
  }

  async findApp(name: string): Promise<App | null> {
    const { rows } = await this.#pool.query<AppRow>(sql`${apps} where a.name = ${name}`);
    return rows[0] ? rowToApp(rows[0]) : null;
  }

  async listReleases(page: { group: string | null; beforeId: number | null; limit: number }): Promise<Release[]> {
    const { rows } = await this.#pool.query<ReleaseRow>(listReleasesQuery(page));
    return rows.map(rowToRelease);
  }

  async findRelease(id: ReleaseId): Promise<Release | null> {
    const { rows } = await this.#pool.query<ReleaseRow>(sql`${releases} where r.id = ${id}`);
    return rows[0] ? rowToRelease(rows[0]) : null;
  }

  async findPrevious(id: ReleaseId): Promise<Release | null> {
    const { rows } = await this.#pool.query<ReleaseRow>(sql`
      ${releases} join releases this on this.id = ${id} and this.group_id = r.group_id
      where r.number < this.number order by r.number desc limit 1`);
    return rows[0] ? rowToRelease(rows[0]) : null;
  }

  async listTargets(page: {
    release: ReleaseId;
    after: { app: string; cluster: string } | null;
    limit: number;
  }): Promise<ReleaseTarget[]> {
    const { release, after, limit } = page;
    const behind = after === null ? empty : sql`and (a.name, c.name) > (${after.app}, ${after.cluster})`;
    const { rows } = await this.#pool.query<ReleaseTarget>(sql`
      select a.name as app, c.name as cluster, rt.snapshot_digest as digest, s.object_count as objects
      from release_targets rt join apps a on a.id = rt.app_id join clusters c on c.id = rt.cluster_id
        join snapshots s on s.digest = rt.snapshot_digest
      where rt.release_id = ${release} ${behind} order by a.name, c.name limit ${limit}`);
    return rows;
  }

  async findTarget(target: { release: ReleaseId; app: string; cluster: string }): Promise<TargetSnapshot | null> {
    const { rows } = await this.#pool.query<TargetSnapshot>(sql`
      ${targetSnapshots} where rt.release_id = ${target.release} and a.name = ${target.app} and c.name = ${target.cluster}`);
    return rows[0] ?? null;
  }

  async findExplained({ app, cluster }: { app: string; cluster: string }): Promise<ExplainedTarget | null> {
    const { rows } = await this.#pool.query<{ digest: string; release: ExplainedTarget['release'] }>(sql`
      select found.digest, json_build_object('id', r.id, 'number', r.number, 'commit', r.commit) as release
      from apps a join clusters c on c.name = ${cluster}
        cross join lateral (
          (select 1 as rank, s.release_id, s.digest from assignments s where s.app_id = a.id and s.cluster_id = c.id)
          union all
          (select 2, rt.release_id, rt.snapshot_digest from release_targets rt
           where rt.app_id = a.id and rt.cluster_id = c.id order by rt.release_id desc limit 1)
          order by rank limit 1) found
        join releases r on r.id = found.release_id
      where a.name = ${app}`);
    const [row] = rows;
    if (!row) return null;
    const { rows: objects } = await this.#pool.query<{ id: string; explanation: ObjectExplanation | null }>(sql`
      select o.object_id as id, s.explanations -> o.ordinal as explanation
      from snapshot_objects o join snapshots s on s.digest = o.snapshot_digest
      where o.snapshot_digest = ${row.digest} order by o.ordinal`);
    return { ...row, objects };
  }

  async listAllTargets(release: ReleaseId): Promise<TargetSnapshot[]> {
    const { rows } = await this.#pool.query<TargetSnapshot>(sql`${targetSnapshots} where rt.release_id = ${release}`);
    return rows;
  }

  async findReleaseAt(group: string, commit: string): Promise<ReleaseId | null> {
    const { rows } = await this.#pool.query<{ commit: string; id: ReleaseId | null }>(sql`
      select sc.commit, coalesce(
        (select r.id from releases r where r.group_id = g.id and r.commit = sc.commit order by r.number desc limit 1),
        (select r.id from releases r join source_commits rc on rc.source_id = r.source_id and rc.commit = r.commit
         where r.group_id = g.id and rc.seen_at <= sc.seen_at order by r.number desc limit 1)) as id
      from app_groups g join source_commits sc on sc.source_id = g.source_id
      where g.name = ${group} and starts_with(sc.commit, ${commit}) limit 2`);
    return rows.length === 1 ? (rows[0]?.id ?? null) : null;
  }

  listObjects(digests: readonly string[]): Promise<Map<string, SnapshotObjects>> {
    return listObjects(this.#pool, digests);
  }

  async readBlobs(digests: readonly string[]): Promise<Map<string, string>> {
    const { rows } = await this.#pool.query<{ digest: string; content: Buffer }>(sql`
      select digest, content from blobs where digest = any (${digests}::text[])`);
    return new Map(
      await Promise.all(
        rows.map(async ({ digest, content }) => [digest, (await unzip(content)).toString('utf8')] as const),
      ),
    );
  }

  async readObjects(digest: string): Promise<{ id: string; json: string }[]> {
    const { rows } = await this.#pool.query<{ id: string; content: Buffer }>(sql`
      select o.object_id as id, b.content from snapshot_objects o join blobs b on b.digest = o.blob_digest
      where o.snapshot_digest = ${digest} order by o.ordinal`);
    return Promise.all(rows.map(async ({ id, content }) => ({ id, json: (await unzip(content)).toString('utf8') })));
  }
}

const targetSnapshots: Sql = sql`
  select a.name as app, c.name as cluster, rt.snapshot_digest as digest
  from release_targets rt join apps a on a.id = rt.app_id join clusters c on c.id = rt.cluster_id`;

/** Exported for the check that it is answered from an index. */
export function listReleasesQuery(page: { group: string | null; beforeId: number | null; limit: number }): Sql {
  const { group, beforeId, limit } = page;
  const ofGroup =
    group === null ? empty : sql`and r.group_id = (select named.id from app_groups named where named.name = ${group})`;
  return sql`
    ${releases}
    where r.id < ${beforeId ?? Number.MAX_SAFE_INTEGER} ${ofGroup}
    order by r.id desc limit ${limit}`;
}

function rowToApp({ errors_commit: errorsCommit, ...app }: AppRow): App {
  return { ...app, errorsCommit };
}

function rowToRelease({ created_at: createdAt, ...release }: ReleaseRow): Release {
  return { ...release, createdAt: createdAt.toISOString() };
}
