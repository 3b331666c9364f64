import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { shop } from '../fixtures/shop.ts';
import { useFleet } from '../harness/fleet.ts';

const planted = { git: 'canary-value-from-git-4f9c', generated: 'canary-value-generated-8b1d' };

describe('secret values', () => {
  const fleet = useFleet({ clusters: { solo: { ring: 'canary' } } });
  const forms = Object.values(planted).flatMap((value) => [
    value,
    Buffer.from(value).toString('base64').replace(/=+$/, ''),
  ]);
  const found = (text: string) => forms.filter((form) => text.includes(form));

  beforeAll(async () => {
    const { prefix } = fleet();
    const extra = {
      'apps/gateway/manifests/secret.yaml': JSON.stringify({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'from-git' },
        stringData: { password: planted.git },
      }),
      'apps/orders/overlays/default/kustomization.yaml': JSON.stringify({
        resources: ['../../base'],
        secretGenerator: [{ name: 'generated', literals: [`password=${planted.generated}`] }],
      }),
      'apps/orders/base/orders.yaml':
        shop({ prefix })['apps/orders/base/orders.yaml']?.replace(':placeholder', ':1') ?? '',
    };
    await fleet().push(shop({ prefix, extra }), 'With secrets');
    await fleet().rollout((rollout) => rollout.state === 'succeeded');
    await fleet()
      .cluster('solo')
      .kubectl([
        '-n',
        `${prefix}-gateway`,
        'patch',
        'secret',
        'from-git',
        '--type',
        'merge',
        '-p',
        '{"stringData":{"password":"x"}}',
      ]);
  }, 90_000);

  it('are in the cluster', async () => {
    const password = async (app: string, name: string) => {
      const { stdout } = await fleet()
        .cluster('solo')
        .kubectl(['-n', `${fleet().prefix}-${app}`, 'get', name, '-o', 'jsonpath={.data.password}']);
      return Buffer.from(stdout, 'base64').toString('utf8');
    };
    const { stdout } = await fleet()
      .cluster('solo')
      .kubectl(['-n', `${fleet().prefix}-orders`, 'get', 'secrets', '-o', 'name']);
    const generated = stdout.split('\n').find((line) => line.startsWith('secret/generated-')) ?? '';
    expect(await password('orders', generated)).toBe(planted.generated);
    const { eventually } = await import('@fairlead/shared/test-kit');
    await eventually(async () => expect(await password('gateway', 'secret/from-git')).toBe(planted.git));
  });

  it('are in no table of the hub, queue included', async () => {
    const client = new pg.Client({ connectionString: fleet().hub.databaseUrl });
    await client.connect();
    const { rows: tables } = await client.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    expect(tables.length).toBeGreaterThan(20);
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(`select to_jsonb(t)::text as row from ${name} t`);
      expect(found(rows.map((each) => each.row).join('\n'))).toEqual([]);
    }
    const { rows: blobs } = await client.query<{ content: Buffer }>('select content from blobs');
    const { gunzipSync } = await import('node:zlib');
    for (const { content } of blobs) expect(found(gunzipSync(content).toString('utf8'))).toEqual([]);
    await client.end();
  });

  it('are in no log and in no file of hub or agent', () => {
    expect(found(fleet().hub.logs())).toEqual([]);
    expect(found(fleet().agents['solo']?.process().output() ?? '')).toEqual([]);
    for (const directory of [fleet().agents['solo']?.stateDir ?? '', fleet().hub.dataDir]) {
      for (const file of filesUnder(directory)) {
        if (file.includes('/repositories/')) continue; // the clone of Git is where the value comes from
        expect({ file, found: found(readFileSync(file).toString('latin1')) }).toEqual({ file, found: [] });
      }
    }
  });
});

function filesUnder(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
}
