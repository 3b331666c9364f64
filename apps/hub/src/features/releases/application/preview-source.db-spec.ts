import { useReading, type TestSource } from '../../../../../../test/harness/reading.ts';
import { PgPreviewStore } from '../persistence/pg-preview.store.ts';
import { PreviewSourceRef } from './preview-source.ts';

const manifest = (name: string, extra = '') =>
  `apiVersion: fairlead.dev/v1\nkind: App\nmetadata: { name: ${name} }\nspec:\n  namespace: ${name}\n${extra}`;
const config = (value: string, name = 'config') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: { value: "${value}" }\n`;
const secret = (value: string) =>
  `apiVersion: v1\nkind: Secret\nmetadata: { name: login }\nstringData: { value: ${value} }\n`;

describe('previewing a ref', () => {
  const reading = useReading();
  let previews: PreviewSourceRef;
  let source: TestSource;

  beforeAll(async () => {
    for (const name of ['c1', 'c2', 'c3']) await reading().addCluster(name, name === 'c3' ? { ring: 'rest' } : {});
    previews = makePreviews();
    source = await reading().addSource('main');
    const more = Object.fromEntries(
      Array.from({ length: 8 }, (_, index) => [`shop/m${index}.yaml`, config('x', `m${index}`)]),
    );
    await source.push({
      'shop/fairlead.yaml': manifest('shop'),
      'shop/config.yaml': config('one'),
      'shop/secret.yaml': secret('tell-nobody-1'),
      ...more,
      'cart/fairlead.yaml': manifest('cart'),
      'cart/config.yaml': config('one'),
    });
  });

  const makePreviews = (timeLimitMs = 30_000) =>
    new PreviewSourceRef({
      store: new PgPreviewStore(reading().pool),
      repositories: reading().repositories,
      renderer: reading().renderer,
      show: reading().show,
      timeLimitMs,
    });

  /** Commits on a branch off main, pushed as `ref`; main stays where it is. */
  async function propose(ref: string, files: Record<string, string | null>): Promise<string> {
    const { repository } = source;
    const main = (await repository.git('rev-parse', 'HEAD')).trim();
    const commit = await repository.commit(files);
    await repository.git('push', '--quiet', '--force', 'origin', `${commit}:${ref}`);
    await repository.git('reset', '--quiet', '--hard', main);
    await repository.git('push', '--quiet', '--force', 'origin', 'main');
    return commit;
  }

  /** Everything the hub remembers, as one text. */
  async function everything(): Promise<string> {
    const { rows: tables } = await reading().pool.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
    );
    const parts: string[] = [];
    for (const { name } of tables) {
      const { rows } = await reading().pool.query<{ row: string }>(`select to_jsonb(t)::text as row from ${name} t`);
      parts.push(name, ...rows.map(({ row }) => row).sort());
    }
    return parts.join('\n');
  }

  it('says what a branch would change, with one diff for all clusters, and leaves no trace of it', async () => {
    const commit = await propose('refs/heads/change', {
      'shop/config.yaml': config('two'),
      'shop/secret.yaml': secret('tell-nobody-2'),
      'shop/new.yaml': config('x', 'new'),
      'shop/m0.yaml': null,
      'extra/fairlead.yaml': manifest('extra', '  targets: [{ clusters: [c3] }]\n'),
      'extra/config.yaml': config('x'),
    });
    const before = await everything();
    const preview = await previews.preview('main', { ref: 'change' });
    expect(await everything()).toBe(before);
    expect(preview).toMatchObject({
      source: 'main',
      ref: 'change',
      commit,
      isComplete: true,
      totals: { clusters: 3, added: 3 + 1, changed: 6, removed: 3 },
      findings: [],
      vanished: [],
    });
    expect(preview.groups.map(({ name, apps, clusters, state }) => [name, apps, clusters.length, state])).toEqual([
      ['extra', ['extra'], 1, 'ready'],
      ['shop', ['shop'], 3, 'ready'],
    ]);
    const shop = preview.diffs.find(({ app }) => app === 'shop');
    expect(shop).toMatchObject({ clusters: ['c1', 'c2', 'c3'], added: 1, changed: 2, removed: 1 });
    expect(shop?.objects).toContainEqual({
      id: '/ConfigMap/shop/config',
      change: 'changed',
      fields: [{ path: '/data/value', from: 'one', to: 'two' }],
    });
    expect(JSON.stringify(preview)).not.toMatch(/tell-nobody|sealed:/);
    expect(preview.markdown).toContain('### Fairlead: 4 targets change');
    // Neither a later reading nor the local copy knows of it.
    await source.read();
    expect((await reading().show.listReleases({ group: 'shop' })).items).toHaveLength(1);
    expect(await reading().show.listApps({})).toMatchObject({ items: [{ name: 'cart' }, { name: 'shop' }] });
  });

  it('takes pull requests, tags and commits, and answers for one app alone', async () => {
    const commit = await propose('refs/pull/7/head', {
      'shop/config.yaml': config('seven'),
      'cart/config.yaml': config('seven'),
    });
    const pull = await previews.preview('main', { ref: 'refs/pull/7/head', app: 'cart' });
    expect(pull).toMatchObject({ commit, totals: { targets: 3, changed: 3 }, diffs: [{ app: 'cart' }] });
    expect(await previews.preview('main', { ref: commit })).toMatchObject({ commit, totals: { targets: 6 } });
    await source.repository.git('tag', 'v7', commit);
    await source.repository.git('push', '--quiet', 'origin', 'v7');
    expect(await previews.preview('main', { ref: 'v7' })).toMatchObject({ commit });
    const same = await previews.preview('main', { ref: 'main' });
    expect(same).toMatchObject({ totals: { targets: 0, unchanged: 6 }, groups: [], diffs: [], findings: [] });
    expect(same.markdown).toContain('no changes');
  });

  it('tells mistakes, and what does not render counts as unchanged', async () => {
    await propose('refs/heads/broken', {
      'shop/fairlead.yaml': manifest('shop', '  surprise: 1\n'),
      'cart/config.yaml': 'kind: ConfigMap\n',
    });
    const { findings, totals, groups } = await previews.preview('main', { ref: 'broken' });
    expect(findings).toMatchObject([
      { severity: 'error', app: 'shop', clusters: [], file: 'shop/fairlead.yaml', line: 6 },
      { severity: 'error', app: 'cart', clusters: ['c1', 'c2', 'c3'], file: 'cart/config.yaml' },
    ]);
    expect(totals).toMatchObject({ targets: 0 });
    expect(groups).toMatchObject([{ name: 'cart', state: 'waiting', clusters: [] }]);
  });

  it('warns of what would wait for a person, and names apps that are gone', async () => {
    const gone = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`shop/m${index}.yaml`, null]));
    await propose('refs/heads/deletes', {
      ...gone,
      'cart/fairlead.yaml': null,
      'cart/config.yaml': null,
    });
    const { guard, vanished, totals } = await previews.preview('main', { ref: 'deletes' });
    expect(guard).toEqual(['shop would delete 8 objects (mass-prune) on c1, c2, c3']);
    expect(vanished).toEqual(['cart']);
    expect(totals).toMatchObject({ targets: 3, removed: 24 });
    await propose('refs/heads/leaves', {
      'cart/fairlead.yaml': manifest(
        'cart',
        '  targets: [{ selector: { matchLabels: { ring: rest } }, deploy: true }, { selector: {}, deploy: false }]\n',
      ),
    });
    const leaving = await previews.preview('main', { ref: 'leaves', app: 'cart' });
    expect(leaving.guard.join()).toMatch(/^cart leaves \d of its 3 clusters$/);
  });

  it('reads no other source: neither their apps nor their commits', async () => {
    const other = await reading().addSource('other');
    const foreign = await other.push({
      'own/fairlead.yaml': manifest('own'),
      'own/config.yaml': config('foreign-content'),
    });
    await expect(previews.preview('main', { ref: foreign })).rejects.toMatchObject({
      code: expect.stringMatching(/^git\./),
    });
    await propose('refs/heads/steals', { 'own/fairlead.yaml': manifest('own'), 'own/config.yaml': config('mine') });
    const { findings, diffs } = await previews.preview('main', { ref: 'steals' });
    expect(findings).toMatchObject([
      { severity: 'error', app: 'own', message: expect.stringMatching(/more than once/) },
    ]);
    expect(JSON.stringify(diffs)).not.toContain('foreign-content');
    await expect(previews.preview('nowhere', { ref: 'main' })).rejects.toMatchObject({ code: 'source.not-found' });
    await expect(previews.preview('main', { ref: 'no-such-branch' })).rejects.toMatchObject({
      code: 'git.unknown-ref',
    });
  });

  it('makes one preview at a time, and none for ever', async () => {
    const first = previews.preview('main', { ref: 'change' });
    await expect(previews.preview('main', { ref: 'change' })).rejects.toMatchObject({ code: 'preview.busy' });
    await first;
    await expect(makePreviews(1).preview('main', { ref: 'change' })).rejects.toMatchObject({
      code: 'preview.too-slow',
    });
  });
});
