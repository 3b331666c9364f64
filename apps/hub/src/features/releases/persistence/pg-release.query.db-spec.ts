import { usePostgres } from '../../../../../../test/harness/postgres.ts';
import type { ReleaseId } from '@fairlead/shared/kernel';
import { listReleasesQuery, PgReleaseQuery } from './pg-release.query.ts';

describe('looking at releases', () => {
  const database = usePostgres();
  const query = () => new PgReleaseQuery(database.pool);

  beforeAll(async () => {
    await database.pool.query(`
      insert into sources (name, url, ref, poll_interval_seconds) values ('s', '/x', 'main', 60);
      insert into app_groups (name, source_id) select 'g' || n, 1 from generate_series(1, 100) n;
      insert into releases (group_id, number, source_id, commit, digest, subject, author, state, strategy, app_order)
        select g, n, 1, 'c' || n, 'd', 'Subject', 'Ada', 'ready', '{}', '[]'
        from generate_series(1, 100) n, generate_series(1, 100) g;
      analyze releases; analyze app_groups;`);
  });

  it('lists those of a group newest first, page by page', async () => {
    const first = await query().listReleases({ group: 'g7', beforeId: null, limit: 60 });
    const rest = await query().listReleases({ group: 'g7', beforeId: first.at(-1)!.id, limit: 60 });
    expect([...first, ...rest].map(({ number }) => number)).toEqual(Array.from({ length: 100 }, (_, n) => 100 - n));
    expect(await query().listReleases({ group: 'none', beforeId: null, limit: 10 })).toEqual([]);
  });

  it.each([null, 'g7'])('answers from an index (group %s)', async (group) => {
    const page = listReleasesQuery({ group, beforeId: 9_000, limit: 50 });
    const { rows } = await database.pool.query<Record<string, string>>({
      text: `explain ${page.text}`,
      values: page.values,
    });
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toMatch(/Index Scan.* on releases/);
    expect(plan).not.toMatch(/Seq Scan on releases/);
  });

  it('finds the release before one in its group', async () => {
    const [newest, before] = await query().listReleases({ group: 'g9', beforeId: null, limit: 2 });
    expect(await query().findPrevious(newest!.id as ReleaseId)).toEqual(before);
  });
});
