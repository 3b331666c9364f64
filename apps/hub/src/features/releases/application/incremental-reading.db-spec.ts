import { GitRepositories } from '../../../platform/git/git-repositories.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useReading, type TestSource } from '../../../../../../test/harness/reading.ts';
import { PgReadingStore } from '../persistence/pg-reading.store.ts';
import { ReadCommit } from './read-commit.ts';

const names = Array.from({ length: 40 }, (_, index) => `app-${String(index).padStart(2, '0')}`);
const configMap = (value: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: config }\ndata: { value: "${value}" }\n`;
const policy = `apiVersion: fairlead.dev/v1\nkind: Policy\nmetadata: { name: named }\nspec:\n  action: warn\n  rules: [{ expression: 'has(object.metadata.name)', message: m }]\n`;

describe('reading a commit after another', () => {
  const reading = useReading();
  let source: TestSource;

  beforeAll(async () => {
    for (const cluster of ['c1', 'c2']) await reading().addCluster(cluster);
    source = await reading().addSource('many');
    const files = names.flatMap((name) => [
      [
        `${name}/fairlead.yaml`,
        `apiVersion: fairlead.dev/v1\nkind: App\nmetadata: { name: ${name} }\nspec:\n  namespace: ${name}\n  render: { path: manifests }\n`,
      ],
      [`${name}/manifests/kustomization.yaml`, 'resources: [config.yaml, ../../shared]\n'],
      [`${name}/manifests/config.yaml`, configMap('one')],
    ]);
    await source.push({
      ...(Object.fromEntries(files) as Record<string, string>),
      'shared/kustomization.yaml': 'resources: [account.yaml]\n',
      'shared/account.yaml': 'apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: shared }\n',
    });
  }, 60_000);

  /** The apps that were rendered of a commit: a render leaves its commit behind. */
  const renderedAt = async (commit: string) => {
    const { rows } = await reading().pool.query<{ name: string }>(
      'select distinct a.name from render_traces t join apps a on a.id = t.app_id where t.commit = $1 order by a.name',
      [commit],
    );
    return rows.map(({ name }) => name);
  };
  const releasedAt = async (commit: string) => {
    const { rows } = await reading().pool.query<{ name: string }>(
      'select g.name from releases r join app_groups g on g.id = r.group_id where r.commit = $1 order by g.name',
      [commit],
    );
    return rows.map(({ name }) => name);
  };

  it('renders and releases only the app whose file changed', async () => {
    const commit = await source.push({ 'app-17/manifests/config.yaml': configMap('two') });
    expect(await renderedAt(commit)).toEqual(['app-17']);
    expect(await releasedAt(commit)).toEqual(['app-17']);
  });

  it('renders nothing for files that no app reads', async () => {
    const commit = await source.push({ 'README.md': 'read me', 'app-03/notes/unused.yaml': configMap('x') });
    expect(await renderedAt(commit)).toEqual([]);
    expect(await releasedAt(commit)).toEqual([]);
  });

  it('renders every app that reads a shared file, and releases none whose objects stay the same', async () => {
    const commit = await source.push({
      'shared/account.yaml': '# said better\napiVersion: v1\nkind: ServiceAccount\nmetadata: { name: shared }\n',
    });
    expect(await renderedAt(commit)).toEqual(names);
    expect(await releasedAt(commit)).toEqual([]);
  });

  it('renders what lies below a policy that was not there before', async () => {
    const commit = await source.push({ 'app-05/fairlead-policies.yaml': policy });
    expect(await renderedAt(commit)).toEqual(['app-05']);
  });

  it('renders what an app lost, and what came back', async () => {
    const gone = await source.push({ 'app-09/manifests/config.yaml': null });
    expect(await renderedAt(gone)).toEqual(['app-09']);
    const back = await source.push({ 'app-09/manifests/config.yaml': configMap('one') });
    expect(await renderedAt(back)).toEqual(['app-09']);
  });

  it('looks again at a group that another reader gave a release meanwhile', async () => {
    const root = await mkdtemp(join(tmpdir(), 'fairlead-replica-'));
    const repositories = new GitRepositories({ root, fetchTimeoutMs: 10_000 });
    const replica = new ReadCommit({
      store: new PgReadingStore(reading().pool),
      repositories,
      renderer: reading().renderer,
    });
    try {
      await source.repository.commit({ 'app-21/manifests/config.yaml': configMap('between') });
      await reading().fetchSource.fetch(source.id);
      await replica.read(source.id);
      const commit = await source.push({ 'app-21/manifests/config.yaml': configMap('one') });
      expect(await releasedAt(commit)).toEqual(['app-21']);
    } finally {
      await repositories.close();
      await rm(root, { recursive: true, force: true });
    }
  });
});
