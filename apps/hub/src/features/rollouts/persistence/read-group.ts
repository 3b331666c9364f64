import sql from 'sql-template-tag';
import type { Db } from '../../../platform/database/pool.ts';
import type { StoredRelease } from '../application/rollout.store.ts';
import type { ClusterDifference, GroupView } from '../domain/group-policy.ts';
import type { HoldPolicy, Rollout } from '../domain/rollout.types.ts';
import { openStates } from './read-rollout.ts';
import { iso, parseAppOrder, parseStrategy } from './rollout-rows.ts';

interface ReleaseRow {
  id: number;
  number: number;
  commit: string;
  digest: string;
  state: StoredRelease['state'];
  strategy: unknown;
  app_order: unknown;
}

/** A release of the group: by id, by number, or the newest one that may roll out. */
export async function readRelease(
  db: Db,
  groupId: number,
  by: { id: number } | { number: number } | 'newest',
): Promise<StoredRelease | null> {
  const which =
    by === 'newest'
      ? sql`state = 'ready' order by number desc limit 1`
      : 'id' in by
        ? sql`id = ${by.id}`
        : sql`number = ${by.number}`;
  const { rows } = await db.query<ReleaseRow>(sql`
    select id, number, commit, digest, state, strategy, app_order from releases where group_id = ${groupId} and ${which}`);
  const [row] = rows;
  if (!row) return null;
  const { id, number, commit, digest, state } = row;
  return {
    id,
    number,
    commit,
    digest,
    state,
    strategy: parseStrategy(row.strategy),
    apps: parseAppOrder(row.app_order),
  };
}

/** What the group's policy decides on. */
export async function readGroupView(db: Db, groupId: number, liveSince: number): Promise<GroupView> {
  const newest = await readRelease(db, groupId, 'newest');
  const hold = await readHold(db, groupId);
  return {
    newest,
    current: await readCurrent(db, groupId),
    hold,
    ...(newest ? await readNewest(db, groupId, newest, liveSince) : nothingKnown),
    behindHeld: hold?.releaseId == null ? [] : await readDifferences(db, hold.releaseId, liveSince, true),
  };
}

const nothingKnown = { quarantined: [], isQuarantinedDigest: false, newestEndedAs: null, different: [] };

async function readNewest(db: Db, groupId: number, newest: StoredRelease, liveSince: number) {
  const { rows: quarantined } = await db.query<{ app: string; cluster: string }>(sql`
    select a.name as app, c.name as cluster
    from quarantines q
    join release_targets rt on rt.release_id = ${newest.id} and rt.app_id = q.app_id and rt.cluster_id = q.cluster_id
      and rt.snapshot_digest = q.digest
    join apps a on a.id = q.app_id join clusters c on c.id = q.cluster_id
    where q.group_id = ${groupId} and q.released_at is null and c.revoked_at is null
    order by a.name, c.name`);
  const { rows: facts } = await db.query<{ is_quarantined: boolean; ended_as: Rollout['state'] | null }>(sql`
    select
      exists (select from quarantines where group_id = ${groupId} and released_at is null
        and release_digest = ${newest.digest}) as is_quarantined,
      (select state from rollouts where release_id = ${newest.id} and group_id = ${groupId} order by id desc limit 1) as ended_as`);
  return {
    quarantined,
    isQuarantinedDigest: facts[0]?.is_quarantined === true,
    newestEndedAs: facts[0]?.ended_as ?? null,
    different: await readDifferences(db, newest.id, liveSince, false),
  };
}

async function readCurrent(db: Db, groupId: number): Promise<GroupView['current']> {
  const { rows } = await db.query<{
    id: number;
    kind: Rollout['kind'];
    state: Rollout['state'];
    release_id: number;
    strategy: unknown;
  }>(sql`
    select id, kind, state, release_id, strategy from rollouts
    where group_id = ${groupId} and state = any(${openStates}) order by id desc limit 1`);
  const [row] = rows;
  if (!row) return null;
  const { id, kind, state, release_id: releaseId } = row;
  return { id, kind, state, releaseId, onNewRelease: parseStrategy(row.strategy).onNewRelease };
}

async function readHold(db: Db, groupId: number): Promise<GroupView['hold']> {
  const { rows } = await db.query<{
    release_id: number | null;
    policy: HoldPolicy;
    reason: string;
    bad_id: number | null;
    bad_digest: string | null;
  }>(sql`
    select h.release_id, h.policy, h.reason, bad.id as bad_id, bad.digest as bad_digest
    from holds h left join rollouts r on r.id = h.rollout_id left join releases bad on bad.id = r.release_id
    where h.group_id = ${groupId}`);
  const [row] = rows;
  if (!row) return null;
  const { release_id: releaseId, policy, reason, bad_id, bad_digest } = row;
  const badRelease = bad_id === null || bad_digest === null ? null : { id: bad_id, digest: bad_digest };
  return { releaseId, policy, reason, badRelease };
}

// `onlyBehind` leaves out what has more than the release: a mixed state that a person left is not straightened out by itself.
async function readDifferences(
  db: Db,
  releaseId: number,
  liveSince: number,
  onlyBehind: boolean,
): Promise<ClusterDifference[]> {
  const { rows } = await db.query<{ cluster_id: number; is_live: boolean }>(sql`
    select distinct rt.cluster_id,
      coalesce(s.disconnected_at is null and s.last_heartbeat_at > ${iso(liveSince)}, false) as is_live
    from release_targets rt
    join clusters c on c.id = rt.cluster_id
    left join agent_sessions s on s.cluster_id = rt.cluster_id
    left join assignments n on n.app_id = rt.app_id and n.cluster_id = rt.cluster_id
    where rt.release_id = ${releaseId} and c.revoked_at is null
      and (n.app_id is null or n.digest <> rt.snapshot_digest or n.mode <> 'reconcile' or n.settings <> rt.settings)
      and (not ${onlyBehind}::boolean or n.app_id is null or n.release_id < rt.release_id)
    order by rt.cluster_id`);
  return rows.map((row) => ({ clusterId: row.cluster_id, isLive: row.is_live }));
}
