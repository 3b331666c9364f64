import sql from 'sql-template-tag';
import type { AppId, GroupId, SourceId } from '@fairlead/shared/kernel';
import { appendLedger } from '../../../platform/database/ledger-rows.ts';
import { remind } from '../../../platform/database/outbox.ts';
import type { Db, Tx } from '../../../platform/database/pool.ts';
import type { GroupApp, GroupToRead, SourceToRead } from '../application/reading.store.ts';
import { directoryOf, groupOf, type AppDefinition } from '../domain/app-definition.ts';
import type { Discovery, RefusedApp, Surroundings } from '../domain/discover-apps.ts';

/** Judges the definitions of a commit and writes the outcome: definitions, groups, apps, ledger, whom else it concerns. */
export async function updateApps(
  tx: Tx,
  source: SourceToRead,
  decide: (around: Surroundings) => Discovery,
): Promise<{ discovery: Discovery; groups: GroupToRead[] }> {
  // Names are unique over all sources, so judging them is a matter for one reader at a time.
  await tx.query(sql`select pg_advisory_xact_lock(hashtext('fairlead.app-definitions'))`);
  const discovery = decide(await readSurroundings(tx, source));
  await replaceDefinitions(tx, source, discovery.definitions);
  const groupIds = await upsertGroups(tx, source.id, discovery);
  await acceptApps(tx, source, discovery.accepted, groupIds);
  await refuseApps(tx, source, discovery.refused, groupIds);
  await abandonApps(tx, source, discovery.vanished);
  await tx.query(sql`
    delete from app_groups g where g.source_id = ${source.id}
      and not exists (select from apps a where a.group_id = g.id)
      and not exists (select from releases r where r.group_id = g.id)`);
  return { discovery, groups: await listGroups(tx, source.id, discovery.accepted) };
}

/** What the definitions of a source are judged against. */
export async function readSurroundings(db: Db, source: Pick<SourceToRead, 'id' | 'name'>): Promise<Surroundings> {
  const { rows: apps } = await db.query<Surroundings['apps'][number]>(sql`
    select a.name, a.directory, s.name as source from apps a join sources s on s.id = a.source_id`);
  const { rows: elsewhere } = await db.query<Surroundings['elsewhere'][number]>(sql`
    select d.name, s.name as source, d.file from app_definitions d join sources s on s.id = d.source_id
    where d.source_id <> ${source.id} order by s.name, d.file`);
  const { rows: foreignGroups } = await db.query<Surroundings['foreignGroups'][number]>(sql`
    select distinct g.name, s.name as source
    from app_groups g join apps a on a.group_id = g.id join sources s on s.id = a.source_id
    where a.source_id <> ${source.id} and a.state <> 'orphan-candidate'`);
  return { apps, elsewhere, foreignGroups, source: source.name };
}

/** Sources that claim a name which this commit took or gave up, and those with refused apps, are read again. */
async function replaceDefinitions(tx: Tx, source: SourceToRead, definitions: Discovery['definitions']): Promise<void> {
  const { rows: before } = await tx.query<{ name: string }>(sql`
    delete from app_definitions where source_id = ${source.id} returning name`);
  await tx.query(sql`
    insert into app_definitions (source_id, file, name)
    select ${source.id}, file, name
    from unnest(${definitions.map((each) => each.file)}::text[], ${definitions.map((each) => each.name)}::text[])
      as t (file, name)`);
  const old = before.map(({ name }) => name);
  const fresh = definitions.map(({ name }) => name);
  const changed = [...old.filter((name) => !fresh.includes(name)), ...fresh.filter((name) => !old.includes(name))];
  if (changed.length === 0) return;
  const { rows: concerned } = await tx.query<{ id: SourceId }>(sql`
    select s.id from sources s where s.id <> ${source.id} and (
      exists (select from app_definitions d where d.source_id = s.id and d.name = any (${changed}::text[]))
      or exists (select from apps a where a.source_id = s.id and a.state = 'invalid'))`);
  for (const { id } of concerned) await remind(tx, 'read-commit', id);
}

async function upsertGroups(tx: Tx, source: SourceId, discovery: Discovery): Promise<Map<string, GroupId>> {
  // A refused app that is new is shown as a group of its own until it says better.
  const names = new Set([...discovery.accepted.map(groupOf), ...discovery.refused.flatMap(({ name }) => name ?? [])]);
  const { rows } = await tx.query<{ id: GroupId; name: string }>(sql`
    insert into app_groups (name, source_id) select name, ${source} from unnest(${[...names].sort()}::text[]) as t (name)
    on conflict (name) do update set source_id = case
      when exists (select from apps a where a.group_id = app_groups.id and a.state <> 'orphan-candidate'
        and a.source_id <> excluded.source_id) then app_groups.source_id else excluded.source_id end
    returning id, name`);
  return new Map(rows.map(({ id, name }) => [name, id]));
}

async function acceptApps(
  tx: Tx,
  source: SourceToRead,
  accepted: readonly AppDefinition[],
  groupIds: ReadonlyMap<string, GroupId>,
): Promise<void> {
  const rows = accepted.map((app) => ({
    name: app.name,
    group: groupIds.get(groupOf(app)) ?? null,
    directory: directoryOf(app.file),
    manifest: JSON.stringify(app),
  }));
  await tx.query(sql`
    insert into apps (name, source_id, group_id, directory, manifest, state, commit)
    select name, ${source.id}, group_id, directory, manifest, 'ok', ${source.head.commit}
    from unnest(${rows.map((row) => row.name)}::text[], ${rows.map((row) => row.group)}::bigint[],
      ${rows.map((row) => row.directory)}::text[], ${rows.map((row) => row.manifest)}::jsonb[])
      as t (name, group_id, directory, manifest)
    on conflict (name) do update set source_id = excluded.source_id, group_id = excluded.group_id,
      directory = excluded.directory, manifest = excluded.manifest, state = 'ok', commit = excluded.commit,
      errors = case when apps.state = 'ok' then apps.errors else '[]' end,
      errors_commit = case when apps.state = 'ok' then apps.errors_commit end`);
}

/** A refused app keeps its last good version; what is wrong with the new one stands beside it. */
async function refuseApps(
  tx: Tx,
  source: SourceToRead,
  refused: readonly RefusedApp[],
  groupIds: ReadonlyMap<string, GroupId>,
): Promise<void> {
  for (const [name, files] of byName(refused)) {
    const errors = files.flatMap((each) => each.errors).map((error) => ({ ...error, cluster: null }));
    const [first] = files;
    if (first === undefined) continue;
    const isNews = name === null || (await writeRefusal(tx, { name, file: first.file, errors, source, groupIds }));
    if (!isNews) continue;
    await appendLedger(tx, {
      actor: 'hub',
      action: 'app.refuse',
      subject: name === null ? `source:${source.name}` : `app:${name}`,
      outcome: 'refused',
      reason: errors[0]?.message ?? null,
      details: { commit: source.head.commit, errors: errors.slice(0, 20) },
    });
  }
}

async function writeRefusal(
  tx: Tx,
  refusal: {
    name: string;
    file: string;
    errors: readonly object[];
    source: SourceToRead;
    groupIds: ReadonlyMap<string, GroupId>;
  },
): Promise<boolean> {
  const { name, file, errors, source, groupIds } = refusal;
  const { rowCount } = await tx.query(sql`
    insert into apps (name, source_id, group_id, directory, state, errors, errors_commit)
    values (${name}, ${source.id}, ${groupIds.get(name) ?? null}, ${directoryOf(file)}, 'invalid',
      ${JSON.stringify(errors)}, ${source.head.commit})
    on conflict (name) do update set state = 'invalid', errors = excluded.errors, errors_commit = excluded.errors_commit
      where apps.source_id = excluded.source_id and (apps.state <> 'invalid' or apps.errors <> excluded.errors)`);
  return Boolean(rowCount);
}

function byName(refused: readonly RefusedApp[]): Map<string | null, RefusedApp[]> {
  const names = new Map<string | null, RefusedApp[]>();
  for (const each of refused) names.set(each.name, [...(names.get(each.name) ?? []), each]);
  return names;
}

async function abandonApps(tx: Tx, source: SourceToRead, vanished: readonly string[]): Promise<void> {
  const { rows } = await tx.query<{ name: string }>(sql`
    update apps set state = 'orphan-candidate', errors = '[]', errors_commit = null
    where source_id = ${source.id} and name = any (${vanished}::text[]) and state <> 'orphan-candidate' returning name`);
  for (const { name } of rows) {
    await appendLedger(tx, {
      actor: 'hub',
      action: 'app.vanish',
      subject: `app:${name}`,
      outcome: 'done',
      reason: 'no file defines it any more; its objects are kept',
      details: { commit: source.head.commit },
    });
  }
}

async function listGroups(tx: Tx, source: SourceId, accepted: readonly AppDefinition[]): Promise<GroupToRead[]> {
  const { rows } = await tx.query<{ id: AppId; name: string; group_id: GroupId; group_name: string }>(sql`
    select a.id, a.name, g.id as group_id, g.name as group_name from apps a join app_groups g on g.id = a.group_id
    where a.source_id = ${source} and a.state <> 'orphan-candidate' order by g.name, a.name`);
  const definitions = new Map(accepted.map((app) => [app.name, app]));
  const groups = new Map<GroupId, GroupToRead & { apps: GroupApp[] }>();
  for (const row of rows) {
    const group = groups.get(row.group_id) ?? { id: row.group_id, name: row.group_name, apps: [] };
    group.apps.push({ id: row.id, name: row.name, definition: definitions.get(row.name) ?? null });
    groups.set(row.group_id, group);
  }
  return [...groups.values()];
}
