import { useReading, type TestSource } from '../../../../../../test/harness/reading.ts';
import { PgReleaseQuery } from '../persistence/pg-release.query.ts';
import { DiffReleases } from './diff-releases.ts';

const manifest = 'apiVersion: fairlead.dev/v1\nkind: App\nmetadata: { name: shop }\nspec: { namespace: shop }\n';
const config = (value: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: config }\ndata: { value: "${value}", at: "\${cluster.name}" }\n`;
const secret = (value: string) =>
  `apiVersion: v1\nkind: Secret\nmetadata: { name: login }\nstringData: { value: ${value} }\n`;

describe('comparing releases', () => {
  const reading = useReading();
  const diffing = () => new DiffReleases({ query: new PgReleaseQuery(reading().pool), show: reading().show });
  const commits: string[] = [];
  let releases: number[];
  let source: TestSource;

  beforeAll(async () => {
    for (const name of ['c1', 'c2', 'c3']) await reading().addCluster(name);
    source = await reading().addSource('compared');
    commits.push(
      await source.push({ 'fairlead.yaml': manifest, 'a.yaml': config('one'), 's.yaml': secret('tell-nobody-1') }),
    );
    commits.push(await source.push({ 'a.yaml': config('two'), 's.yaml': secret('tell-nobody-2') }));
    commits.push(await source.push({ 'README.md': 'nothing' }));
    commits.push(await source.push({ 's.yaml': null, 'b.yaml': config('b').replace('config', 'other') }));
    releases = (await reading().show.listReleases({ group: 'shop' })).items.map(({ id }) => id).reverse();
    expect(releases).toHaveLength(3);
  });

  it('shows a change that many clusters share once, with Secret values masked', async () => {
    const diff = await diffing().diff(releases[1]!);
    expect(diff).toMatchObject({ group: 'shop', after: { number: 2 }, before: { number: 1 }, more: 0, unchanged: 0 });
    expect(diff.diffs).toMatchObject([
      { app: 'shop', clusters: ['c1'], added: 0, changed: 2, removed: 0 },
      { app: 'shop', clusters: ['c2'] },
      { app: 'shop', clusters: ['c3'] },
    ]);
    expect(JSON.stringify(diff)).toMatch(/masked:[0-9a-f]{16}/);
    expect(JSON.stringify(diff)).not.toMatch(/tell-nobody|sealed:/);
  });

  it('compares any two releases, either way', async () => {
    const forth = await diffing().diff(releases[2]!, { against: releases[0]! });
    expect(forth.diffs[0]).toMatchObject({ added: 1, changed: 1, removed: 1 });
    const back = await diffing().diff(releases[0]!, { against: releases[2]! });
    expect(back.diffs[0]).toMatchObject({ added: 1, changed: 1, removed: 1 });
    const same = await diffing().diff(releases[0]!, { against: releases[0]! });
    expect(same).toMatchObject({ diffs: [], unchanged: 3 });
    expect((await diffing().diff(releases[0]!)).before).toBeNull();
  });

  it('compares two clusters of one release', async () => {
    const diff = await diffing().diff(releases[0]!, { cluster: 'c2', againstCluster: 'c1' });
    expect(diff).toMatchObject({ after: { cluster: 'c2' }, before: { cluster: 'c1' } });
    expect(diff.diffs).toEqual([
      {
        app: 'shop',
        clusters: ['c2'],
        added: 0,
        changed: 1,
        removed: 0,
        objects: [
          { id: '/ConfigMap/shop/config', change: 'changed', fields: [{ path: '/data/at', from: 'c1', to: 'c2' }] },
        ],
      },
    ]);
    await expect(diffing().diff(releases[0]!, { cluster: 'c2', againstCluster: 'nope' })).rejects.toMatchObject({
      code: 'release.cluster-not-found',
    });
  });

  it('compares two commits; one that changed nothing stands for the release before it', async () => {
    const [first, second, idle, last] = commits as [string, string, string, string];
    const numbers = async (commit: string, againstCommit: string) => {
      const { after, before } = await diffing().diffCommits('shop', { commit, againstCommit });
      return [after.number, before?.number];
    };
    expect(await numbers(last, first.slice(0, 10))).toEqual([3, 1]);
    expect(await numbers(idle, second)).toEqual([2, 2]);
    await expect(diffing().diffCommits('shop', { commit: 'ffffffff', againstCommit: first })).rejects.toMatchObject({
      code: 'release.commit-not-found',
    });
  });
});
