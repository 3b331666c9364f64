import sql from 'sql-template-tag';
import { Assignment, readTargetSettings } from '@fairlead/shared/contracts';
import type { ClusterId } from '@fairlead/shared/kernel';
import type { Pool } from '../../../platform/database/pool.ts';
import type { AssignmentReader } from '../application/assignment.reader.ts';

interface AssignmentRow {
  app: string;
  counter: number;
  digest: string;
  release_id: number;
  group_name: string;
  number: number;
  commit: string;
  mode: string;
  settings: unknown;
  traceparent: string | null;
  confirmed_prune: string | null;
}

export class PgAssignmentReader implements AssignmentReader {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async assignmentsOf(clusterId: ClusterId): Promise<Assignment[]> {
    const { rows } = await this.#pool.query<AssignmentRow>(sql`
      select p.name as app, a.counter, a.digest, a.release_id, g.name as group_name, r.number, r.commit, a.mode,
        a.settings, a.traceparent, coalesce(o.prune_hash, c.prune_hash) as confirmed_prune
      from assignments a
      join apps p on p.id = a.app_id
      join releases r on r.id = a.release_id
      join app_groups g on g.id = r.group_id
      left join confirmed_prunes c
        on c.rollout_id = a.rollout_id and c.app_id = a.app_id and c.cluster_id = a.cluster_id
      left join prune_confirmations o
        on o.app_id = a.app_id and o.cluster_id = a.cluster_id and o.counter = a.counter
      where a.cluster_id = ${clusterId}
      order by p.name`);
    return rows.map((row) =>
      Assignment.parse({
        app: row.app,
        counter: row.counter,
        digest: row.digest,
        release: { id: row.release_id, group: row.group_name, number: row.number, commit: row.commit },
        mode: row.mode,
        deletion: null,
        settings: readTargetSettings(row.settings),
        traceparent: row.traceparent,
        confirmedPrune: row.confirmed_prune,
      }),
    );
  }

  async checksums(clusterIds: readonly ClusterId[]): Promise<Map<ClusterId, string>> {
    const { rows } = await this.#pool.query<{ cluster_id: ClusterId; checksum: string }>(sql`
      select a.cluster_id,
        md5(string_agg(concat_ws(':', a.app_id, a.counter, a.mode, o.prune_hash), ',' order by a.app_id)) as checksum
      from assignments a
      left join prune_confirmations o
        on o.app_id = a.app_id and o.cluster_id = a.cluster_id and o.counter = a.counter
      where a.cluster_id = any(${clusterIds}) group by a.cluster_id`);
    return new Map(rows.map((row) => [row.cluster_id, row.checksum]));
  }
}
