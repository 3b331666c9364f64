import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import pg from 'pg';
import { LedgerVerification } from '@fairlead/shared/contracts';
import { eventually } from '@fairlead/shared/test-kit';
import { startHub, type HubProcess } from '../../../test/harness/hub.ts';
import { usePostgres } from '../../../test/harness/postgres.ts';

const database = usePostgres();
const bundle = join(import.meta.dirname, '../../../dist/hub/main.mjs');
const running: HubProcess[] = [];

afterEach(async () => {
  for (const hub of running.splice(0)) await hub.stop();
});

function run(role: string, databaseUrl: string) {
  return spawnSync(process.execPath, [bundle, role], {
    env: { ...process.env, DATABASE_URL: databaseUrl, FAIRLEAD_PORT: '0' },
    encoding: 'utf8',
    timeout: 60_000,
  });
}

/** An empty database beside the migrated one. */
async function emptyDatabase(): Promise<string> {
  const name = `${new URL(database.url).pathname.slice(1)}_empty`;
  await database.pool.query(`create database ${name}`);
  return database.url.replace(/\/[^/]+$/, `/${name}`);
}

describe('serve and work as processes of their own', () => {
  it('refuse a database that nobody migrated, and take it afterwards', async () => {
    const url = await emptyDatabase();
    for (const role of ['serve', 'work']) {
      expect(run(role, url)).toMatchObject({ status: 1, stderr: expect.stringContaining('hub migrate') as unknown });
    }
    expect(run('migrate', url)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('0001_initial') as unknown,
    });
    expect(run('migrate', url)).toMatchObject({ status: 0, stdout: 'the schema is current\n' });
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(`drop database ${new URL(url).pathname.slice(1)}`);
    await client.end();
  });

  it('do together what one process does', async () => {
    const serve = await startHub({ role: 'serve', databaseUrl: database.url });
    running.push(serve);
    expect((await serve.fetch('/v1/join-tokens', { method: 'POST', body: '{}' })).status).toBe(201);
    const verify = async () => LedgerVerification.parse(await (await serve.fetch('/v1/ledger/verify')).json());
    expect((await verify()).unsealed).toBeGreaterThan(0);
    running.push(await startHub({ role: 'work', databaseUrl: database.url, dataDir: serve.dataDir }));
    await eventually(async () => expect(await verify()).toMatchObject({ intact: true, unsealed: 0 }), {
      timeoutMs: 30_000,
    });
  });
});
