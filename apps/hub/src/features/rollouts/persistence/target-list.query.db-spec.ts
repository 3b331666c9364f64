import { usePostgres } from '../../../../../../test/harness/postgres.ts';
import { targetListQuery, type TargetListPage } from './target-list.query.ts';

const database = usePostgres();

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  Plans?: Plan[];
}

beforeAll(async () => {
  // 1,000 clusters with 100 apps each, in 20 groups.
  await database.pool.query(`
    insert into sources (name, url, ref, poll_interval_seconds) values ('s', 'x', 'main', 60);
    insert into app_groups (name, source_id) select 'g' || g, 1 from generate_series(1, 20) g;
    insert into apps (name, source_id, group_id, directory, state)
      select 'a' || a, 1, 1 + (a - 1) / 5, 'd', 'ok' from generate_series(1, 100) a;
    insert into clusters (name, fingerprint) select 'c' || c, 'f' || c from generate_series(1, 1000) c;
    insert into snapshots (digest, object_count) values ('d', 1);
    insert into releases (group_id, number, source_id, commit, digest, subject, author, state, strategy, app_order)
      select g, 1, 1, 'c', 'd', 's', 'a', 'ready', '{}', '[]' from generate_series(1, 20) g;
    insert into assignments (app_id, cluster_id, digest, release_id, counter, settings)
      select a, c, 'd', 1 + (a - 1) / 5, 1, '{}' from generate_series(1, 100) a, generate_series(1, 1000) c;
    analyze`);
}, 120_000);

async function plan(page: Partial<TargetListPage>): Promise<Plan[]> {
  const query = targetListQuery({ filter: {}, after: null, limit: 101, liveSince: '2026-11-23T00:00:00Z', ...page });
  const { rows } = await database.pool.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>({
    text: `explain (format json) ${query.text}`,
    values: query.values,
  });
  const flatten = (node: Plan): Plan[] => [node, ...(node.Plans ?? []).flatMap(flatten)];
  const root = rows[0]?.['QUERY PLAN'][0].Plan;
  return root ? flatten(root) : [];
}

describe('the list of targets over 100,000 rows', () => {
  it.each<[string, Partial<TargetListPage>]>([
    ['first page', {}],
    ['a page in the middle', { after: [50, 500] }],
    ['one app', { filter: { app: 'a7' } }],
    ['one cluster', { filter: { cluster: 'c7' } }],
    ['one group', { filter: { group: 'g3' } }],
    ['one app on one cluster', { filter: { app: 'a7', cluster: 'c7' } }],
  ])('reads assignments by an index for %s, and sorts nothing large', async (_, page) => {
    const nodes = await plan(page);
    const onAssignments = nodes.filter(
      (node) => node['Index Name']?.startsWith('assignments_') || node['Relation Name'] === 'assignments',
    );
    expect(onAssignments.length).toBeGreaterThan(0);
    expect(onAssignments.map((node) => node['Node Type'])).not.toContain('Seq Scan');
  });
});
