import sql, { empty, type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { Notice, PodReport, type ListTargets, type Target, type TargetDetail } from '@fairlead/shared/contracts';

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
  unmanaged: number | null;
  contended: number | null;
  notices: unknown;
  reported_at: Date | null;
}

export interface TargetRow extends TargetListRow {
  message: string | null;
  confirmed_prune: string | null;
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

const shown = (liveSince: string): Sql => sql`
  n.app_id, n.cluster_id, a.name as app, c.name as cluster, g.name as group_name, r.number, r.commit, n.digest,
  n.mode, n.counter, st.digest as reported_digest, st.counter as reported_counter, st.phase,
  ${health(liveSince)} as health, st.failing, st.prune_hold, st.open_drift, st.unmanaged, st.contended, st.notices,
  st.reported_at`;

const tables = sql`assignments n
    join apps a on a.id = n.app_id
    join app_groups g on g.id = a.group_id
    join clusters c on c.id = n.cluster_id
    join releases r on r.id = n.release_id
    left join agent_sessions s on s.cluster_id = n.cluster_id
    left join target_status st on st.app_id = n.app_id and st.cluster_id = n.cluster_id`;

/** One target with what only a look at it alone shows. */
export function targetQuery(of: { app: string; cluster: string; liveSince: string }): Sql {
  return sql`
    select ${shown(of.liveSince)}, st.message, coalesce(o.prune_hash, p.prune_hash) as confirmed_prune
    from ${tables}
    left join confirmed_prunes p
      on p.rollout_id = n.rollout_id and p.app_id = n.app_id and p.cluster_id = n.cluster_id
    left join prune_confirmations o on o.app_id = n.app_id and o.cluster_id = n.cluster_id and o.counter = n.counter
    where a.name = ${of.app} and c.name = ${of.cluster}`;
}

/** One page of assignments with what is known about them, by (app, cluster) id: every filter goes down an index. */
export function targetListQuery({ filter, after, limit, liveSince }: TargetListPage): Sql {
  const [appId, clusterId] = after ?? [0, 0];
  return sql`
    select ${shown(liveSince)}
    from ${tables}
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

const Failing = z.array(
  z.object({
    object: z.string(),
    reason: z.string(),
    message: z.string(),
    pods: z.array(PodReport).nullable().default(null),
  }),
);
const Notices = z.array(Notice);
const PruneHold = z.object({
  reason: z.string(),
  hash: z.string(),
  count: z.number(),
  objects: z.array(z.string()).default([]),
});

export function rowToTarget(row: TargetListRow): Target {
  const { app, cluster, digest, mode, counter, phase } = row;
  const { reported_digest: reportedDigest, reported_counter: reportedCounter } = row;
  const isReported = reportedDigest !== null && reportedCounter !== null && phase !== null;
  const hold = row.prune_hold === null ? null : PruneHold.parse(row.prune_hold);
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
    failing: Failing.parse(row.failing ?? []).map(({ object, reason, message }) => ({ object, reason, message })),
    pruneHold: hold && { reason: hold.reason, hash: hold.hash, count: hold.count },
    openDrift: row.open_drift ?? 0,
    unmanaged: row.unmanaged ?? 0,
    contended: row.contended ?? 0,
    notices: Notices.parse(row.notices ?? []),
    asOf: row.reported_at?.toISOString() ?? null,
  };
}

export function rowToTargetDetail(row: TargetRow): TargetDetail {
  return {
    ...rowToTarget(row),
    message: row.message,
    failing: Failing.parse(row.failing ?? []).map((failing) => ({ ...failing, pods: failing.pods ?? [] })),
    pruneHold: row.prune_hold === null ? null : PruneHold.parse(row.prune_hold),
    confirmedPrune: row.confirmed_prune,
  };
}
