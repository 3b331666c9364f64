import sql, { type Sql } from 'sql-template-tag';
import type { AppId, GroupId, ReleaseId, SourceId } from '@fairlead/shared/kernel';
import { Strategy, readTargetSettings } from '@fairlead/shared/contracts';
import { appendLedger } from '../../../platform/database/ledger-rows.ts';
import { remind } from '../../../platform/database/outbox.ts';
import type { Db, Tx } from '../../../platform/database/pool.ts';
import type { LiveRelease, StoredRelease } from '../application/reading.store.ts';
import type { OrderedApp } from '../domain/dependency-order.ts';
import type { DraftTarget, ReleaseError } from '../domain/release-draft.ts';

interface ReleaseRow {
  id: ReleaseId;
  number: number;
  commit: string;
  state: 'ready' | 'waiting';
  errors: ReleaseError[];
  strategy: unknown;
  app_order: OrderedApp[];
}

const releases: Sql = sql`select id, number, commit, state, errors, strategy, app_order from releases`;

export async function findNewest(
  db: Db,
  group: GroupId,
): Promise<{ newest: StoredRelease | null; ready: StoredRelease | null }> {
  const { rows } = await db.query<ReleaseRow>(sql`${releases} where group_id = ${group} order by number desc limit 1`);
  const [row] = rows;
  if (!row) return { newest: null, ready: null };
  const newest = await withTargets(db, row);
  if (row.state === 'ready') return { newest, ready: newest };
  const { rows: earlier } = await db.query<ReleaseRow>(
    sql`${releases} where group_id = ${group} and state = 'ready' order by number desc limit 1`,
  );
  return { newest, ready: earlier[0] ? await withTargets(db, earlier[0]) : null };
}

async function withTargets(db: Db, row: ReleaseRow): Promise<StoredRelease> {
  const { rows } = await db.query<Omit<DraftTarget, 'settings'> & { settings: unknown }>(sql`
    select a.name as app, c.name as cluster, rt.snapshot_digest as digest, rt.settings
    from release_targets rt join apps a on a.id = rt.app_id join clusters c on c.id = rt.cluster_id
    where rt.release_id = ${row.id}`);
  return {
    id: row.id,
    number: row.number,
    commit: row.commit,
    state: row.state,
    errors: row.errors,
    strategy: Strategy.parse(row.strategy),
    appOrder: row.app_order,
    targets: rows.map((target) => ({ ...target, settings: readTargetSettings(target.settings) })),
  };
}

export async function listLiveReleases(db: Db, source: SourceId): Promise<LiveRelease[]> {
  const { rows } = await db.query<LiveRelease>(sql`
    select r.id, r.group_id as "groupId", r.number, r.commit, r.app_order as "appOrder",
      coalesce((
        select json_agg(json_build_object('app', a.name, 'cluster', c.name))
        from release_targets rt join apps a on a.id = rt.app_id join clusters c on c.id = rt.cluster_id
        where rt.release_id = r.id), '[]') as targets
    from releases r join app_groups g on g.id = r.group_id
    where r.source_id = ${source} and r.number < g.last_release_number and (
      exists (select from holds h where h.group_id = g.id and h.release_id = r.id)
      or exists (select from rollouts o where o.release_id = r.id
        and o.state in ('running', 'paused', 'halted', 'superseding', 'rollingBack')))
    order by r.id`);
  return rows;
}

/** Adds the targets of clusters that joined; their group has work then. */
export async function addTargets(tx: Tx, release: LiveRelease, targets: readonly DraftTarget[]): Promise<void> {
  await insertTargets(tx, release.id, targets);
  await appendLedger(tx, extensionEntry(release.id, targets));
  await remind(tx, 'advance-group', release.groupId);
}

/** The ledger row of an extended release. */
export function extensionEntry(release: ReleaseId, targets: readonly DraftTarget[]) {
  const clusters = [...new Set(targets.map(({ cluster }) => cluster))];
  return {
    actor: 'hub',
    action: 'release.extend',
    subject: `release:${release}`,
    outcome: 'done' as const,
    details: { clusters: clusters.slice(0, 50), targets: targets.length },
  };
}

export async function insertTargets(tx: Tx, release: ReleaseId, targets: readonly DraftTarget[]): Promise<void> {
  await tx.query(sql`
    insert into release_targets (release_id, app_id, cluster_id, snapshot_digest, settings)
    select ${release}, a.id, c.id, t.digest, t.settings
    from unnest(${targets.map((each) => each.app)}::text[], ${targets.map((each) => each.cluster)}::text[],
      ${targets.map((each) => each.digest)}::text[], ${targets.map((each) => JSON.stringify(each.settings))}::jsonb[])
      as t (app, cluster, digest, settings)
    join apps a on a.name = t.app join clusters c on c.name = t.cluster
    on conflict do nothing`);
}

export async function saveAppErrors(
  tx: Tx,
  apps: readonly { id: AppId; errors: readonly ReleaseError[] }[],
  commit: string,
): Promise<void> {
  await tx.query(sql`
    update apps set errors = t.errors, errors_commit = case when t.errors = '[]' then null else ${commit} end
    from unnest(${apps.map((each) => each.id)}::bigint[], ${apps.map((each) => JSON.stringify(each.errors))}::jsonb[])
      as t (id, errors)
    where apps.id = t.id and apps.errors is distinct from t.errors`);
}
