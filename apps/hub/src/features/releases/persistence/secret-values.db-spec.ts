import { gunzipSync } from 'node:zlib';
import { useReading } from '../../../../../../test/harness/reading.ts';

const planted = {
  stringData: 'canary-string-data-4f9c',
  data: 'canary-data-8b1d',
  literal: 'canary-literal-77aa',
  file: 'canary-generator-file-12ef',
  variable: 'canary-variable-9d0b',
  patch: 'canary-patch-55c3',
  broken: 'canary-in-broken-yaml-31f7',
  malformed: 'canary not base64!',
};

const app = (name: string, more: Record<string, unknown> = {}) =>
  JSON.stringify({
    apiVersion: 'fairlead.dev/v1',
    kind: 'App',
    metadata: { name },
    spec: { namespace: name, ...more },
  });
const secret = (name: string, fields: Record<string, unknown>) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name }, ...fields });

describe('Secret values from Git', () => {
  const reading = useReading();

  it('are in no table in the clear, whether their release rendered or failed', async () => {
    await reading().addCluster('c1');
    const source = await reading().addSource('secrets');
    await source.push({
      'plain/fairlead.yaml': app('plain', { variables: { password: planted.variable } }),
      'plain/secrets.json': secret('a', {
        stringData: { one: planted.stringData, two: '${var.password}' },
        data: { three: Buffer.from(planted.data).toString('base64') },
      }),
      'made/fairlead.yaml': app('made', {
        patches: [{ target: { kind: 'Secret' }, patch: { stringData: { patched: planted.patch } } }],
      }),
      'made/kustomization.yaml': JSON.stringify({
        secretGenerator: [{ name: 'made', literals: [`x=${planted.literal}`], files: ['key.txt'] }],
      }),
      'made/key.txt': planted.file,
      'broken/fairlead.yaml': app('broken'),
      'broken/secret.yaml': `apiVersion: v1\nkind: Secret\nstringData: { a: "${planted.broken}", a: [\n`,
      'malformed/fairlead.yaml': app('malformed'),
      'malformed/secret.json': secret('m', { data: { value: planted.malformed } }),
    });
    const { items } = await reading().show.listReleases({});
    expect(Object.fromEntries(items.map(({ group, state }) => [group, state]))).toEqual({
      plain: 'ready',
      made: 'ready',
      broken: 'waiting',
      malformed: 'waiting',
    });
    const text = await everything();
    expect(text).toContain('sealed:v1:test-key:');
    for (const value of Object.values(planted)) {
      for (const form of [value, Buffer.from(value).toString('base64').replace(/=+$/, '')]) {
        expect({ form, found: text.includes(form) }).toEqual({ form, found: false });
      }
    }
  });

  it('are shown as masks, the same for the same value', async () => {
    const { items } = await reading().show.listReleases({ group: 'plain' });
    const { objects } = await reading().show.getManifests({ release: items[0]!.id, app: 'plain', cluster: 'c1' });
    const shown = objects[0]?.['data'] as Record<string, string>;
    expect(Object.keys(shown).sort()).toEqual(['one', 'three', 'two']);
    for (const value of Object.values(shown)) expect(value).toMatch(/^masked:[0-9a-f]{16}$/);
  });

  /** Every row of every table as text, and every blob unzipped. */
  async function everything(): Promise<string> {
    const { rows: tables } = await reading().pool.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    expect(tables.length).toBeGreaterThan(20);
    const parts: string[] = [];
    for (const { name } of tables) {
      const { rows } = await reading().pool.query<{ row: string }>(`select to_jsonb(t)::text as row from ${name} t`);
      parts.push(...rows.map(({ row }) => row));
    }
    const { rows: blobs } = await reading().pool.query<{ content: Buffer }>('select content from blobs');
    parts.push(...blobs.map(({ content }) => gunzipSync(content).toString('utf8')));
    return parts.join('\n');
  }
});
