import sql, { empty, type Sql } from 'sql-template-tag';
import { z } from 'zod';
import type { ListTargets, Target } from '@fairlead/shared/contracts';

export interface TargetListRow {
  app_id: number;
  cluster_id: number;
  app: string;
  cluster: string;
  group_name: string;
  number: number;
  commit: string;
  digest: string;
  mode: Target['mode'];
  counter: number;
  reported_digest: string | null;
  reported_counter: number | null;
  phase: string | null;
  health: Target['health'];
  failing: unknown;
  prune_hold: unknown;
  open_drift: number | null;
  reported_at: Date | null;
}

export interface TargetListPage {
  filter: Pick<ListTargets, 'app' | 'cluster' | 'group' | 'health'>;
  after: readonly [appId: number, clusterId: number] | null;
  limit: number;
  liveSince: string;
}

// Health counts while the session that said it is live; everything else about a target is shown with its age.
const health = (liveSince: string): Sql => sql`
  case when st.counter = n.counter and st.epoch = s.epoch and s.disconnected_at is null
    and s.last_heartbeat_at > ${liveSince} then st.health else 'unknown' end`;

/** One page of assignments with what is known about them, by (app, cluster) id: every filter goes down an index. */
export function targetListQuery({ filter, after, limit, liveSince }: TargetListPage): Sql {
  const [appId, clusterId] = after ?? [0, 0];
  return sql`
    select n.app_id, n.cluster_id, a.name as app, c.name as cluster, g.name as group_name, r.number, r.commit, n.digest,
      n.mode, n.counter, st.digest as reported_digest, st.counter as reported_counter, st.phase,
      ${health(liveSince)} as health, st.failing, st.prune_hold, st.open_drift, st.reported_at
    from assignments n
    join apps a on a.id = n.app_id
    join app_groups g on g.id = a.group_id
    join clusters c on c.id = n.cluster_id
    join releases r on r.id = n.release_id
    left join agent_sessions s on s.cluster_id = n.cluster_id
    left join target_status st on st.app_id = n.app_id and st.cluster_id = n.cluster_id
    where (n.app_id, n.cluster_id) > (${appId}::bigint, ${clusterId}::bigint)
      ${filter.app === undefined ? empty : sql`and n.app_id = (select id from apps where name = ${filter.app})`}
      ${filter.cluster === undefined ? empty : sql`and n.cluster_id = (select id from clusters where name = ${filter.cluster})`}
      ${
        filter.group === undefined
          ? empty
          : sql`and n.app_id = any(array(select x.id from apps x join app_groups y on y.id = x.group_id where y.name = ${filter.group}))`
      }
      ${filter.health === undefined ? empty : sql`and ${health(liveSince)} = ${filter.health}`}
    order by n.app_id, n.cluster_id limit ${limit}`;
}

const Failing = z.array(z.object({ object: z.string(), reason: z.string(), message: z.string() }));
const PruneHold = z.object({ reason: z.string(), hash: z.string(), count: z.int() });

export function rowToTarget(row: TargetListRow): Target {
  const { app, cluster, digest, mode, counter, phase } = row;
  const { reported_digest: reportedDigest, reported_counter: reportedCounter } = row;
  const isReported = reportedDigest !== null && reportedCounter !== null && phase !== null;
  return {
    app,
    cluster,
    group: row.group_name,
    release: { number: row.number, commit: row.commit },
    digest,
    mode,
    counter,
    acknowledged: isReported ? { digest: reportedDigest, counter: reportedCounter, phase } : null,
    health: row.health,
    failing: Failing.parse(row.failing ?? []),
    pruneHold: row.prune_hold === null ? null : PruneHold.parse(row.prune_hold),
    openDrift: row.open_drift ?? 0,
    asOf: row.reported_at?.toISOString() ?? null,
  };
}
