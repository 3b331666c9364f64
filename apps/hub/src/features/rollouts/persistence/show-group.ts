import sql, { type Sql } from 'sql-template-tag';
import { z } from 'zod';
import { rolloutStates, type Group } from '@fairlead/shared/contracts';
import type { Db } from '../../../platform/database/pool.ts';
import { openStates } from './read-rollout.ts';

interface GroupRow {
  name: string;
  source: string;
  apps: string[];
  newest: unknown;
  active_rollout: number | null;
  last_rollout: unknown;
  hold: unknown;
  quarantine: unknown;
  blocked: string | null;
}

const instant = z.string().transform((text) => new Date(text).toISOString());
const Newest = z.object({ id: z.int(), number: z.int(), commit: z.string(), state: z.string() });
const LastRollout = z.object({ id: z.int(), state: z.enum(rolloutStates), finishedAt: instant.nullable() });
const Hold = z.object({ release: z.int().nullable(), reason: z.string(), policy: z.string(), since: instant });
const Quarantine = z.array(z.object({ app: z.string(), cluster: z.string(), digest: z.string(), since: instant }));

/** Groups by a condition, in the order of names. */
export async function readShownGroups(db: Db, { where, limit }: { where: Sql; limit: number }): Promise<Group[]> {
  const { rows } = await db.query<GroupRow>(sql`
    select g.name, s.name as source, g.blocked,
      coalesce((select array_agg(a.name order by a.name) from apps a where a.group_id = g.id), '{}') as apps,
      (select jsonb_build_object('id', r.id, 'number', r.number, 'commit', r.commit, 'state', r.state)
        from releases r where r.group_id = g.id order by r.number desc limit 1) as newest,
      (select r.id from rollouts r where r.group_id = g.id and r.state = any(${openStates})
        order by r.id desc limit 1) as active_rollout,
      (select jsonb_build_object('id', r.id, 'state', r.state, 'finishedAt', r.finished_at)
        from rollouts r where r.group_id = g.id order by r.id desc limit 1) as last_rollout,
      (select jsonb_build_object('release', r.number, 'reason', h.reason, 'policy', h.policy, 'since', h.created_at)
        from holds h left join releases r on r.id = h.release_id where h.group_id = g.id) as hold,
      coalesce((select jsonb_agg(jsonb_build_object('app', a.name, 'cluster', c.name, 'digest', q.digest,
          'since', q.created_at) order by a.name, c.name)
        from quarantines q join apps a on a.id = q.app_id join clusters c on c.id = q.cluster_id
        where q.group_id = g.id and q.released_at is null), '[]') as quarantine
    from app_groups g join sources s on s.id = g.source_id
    where ${where} order by g.name limit ${limit}`);
  return rows.map((row) => ({
    name: row.name,
    source: row.source,
    apps: row.apps,
    newestRelease: Newest.nullable().parse(row.newest),
    activeRollout: row.active_rollout,
    lastRollout: LastRollout.nullable().parse(row.last_rollout),
    hold: Hold.nullable().parse(row.hold),
    quarantine: Quarantine.parse(row.quarantine),
    blocked: row.blocked,
  }));
}
