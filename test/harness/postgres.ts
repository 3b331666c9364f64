import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate, migrationsDirectory } from '../../apps/hub/src/platform/database/migrate.ts';
import { createPool, type Pool } from '../../apps/hub/src/platform/database/pool.ts';
import { startEmbeddedPostgres } from '../../apps/hub/src/platform/embedded-postgres/embedded-postgres.ts';

/** A migrated database of its own. */
export interface TestDatabase {
  pool: Pool;
  url: string;
}

interface Server {
  url: string;
  stop(): Promise<void>;
}

/** `TEST_DATABASE_URL` when set, else a throw-away PostgreSQL in a temporary directory. */
export async function openPostgresServer(): Promise<Server> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given) return { url: given, stop: async () => {} };
  const directory = mkdtempSync(join(tmpdir(), 'fairlead-postgres-'));
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', shared_buffers: '64MB' };
  const server = await startEmbeddedPostgres({ directory, settings, log: () => {} });
  return {
    url: server.superuserUrl,
    stop: async () => {
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function on(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

async function asAdmin<T>(serverUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Name of the template: another schema is another template, so an old one is never used by mistake. */
function templateName(): string {
  const directory = migrationsDirectory();
  const hash = createHash('sha256');
  for (const name of readdirSync(directory).sort()) hash.update(name).update(readFileSync(join(directory, name)));
  return `fairlead_template_${hash.digest('hex').slice(0, 12)}`;
}

const templateLock = 7_707_002;

async function ensureTemplate(serverUrl: string): Promise<string> {
  const template = templateName();
  await asAdmin(serverUrl, async (client) => {
    // Specs run in parallel processes: the first makes it, the others wait. The lock ends with the connection.
    await client.query(`select pg_advisory_lock($1)`, [templateLock]);
    const { rowCount } = await client.query(`select 1 from pg_database where datname = $1 and datistemplate`, [
      template,
    ]);
    if (rowCount) return;
    await client.query(`drop database if exists ${template} with (force)`);
    await client.query(`create database ${template}`);
    await migrate(on(serverUrl, template));
    await client.query(`alter database ${template} is_template true`);
  });
  return template;
}

/** Makes an empty migrated database on a server; `drop` removes it with everything that is still connected to it. */
export async function createTestDatabase(serverUrl: string): Promise<{ url: string; drop: () => Promise<void> }> {
  const template = await ensureTemplate(serverUrl);
  const name = `fairlead_test_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(serverUrl, (client) => client.query(`create database ${name} template ${template}`));
  return {
    url: on(serverUrl, name),
    drop: async () => {
      await asAdmin(serverUrl, (client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
}

/** Gives the spec file a migrated database of its own, dropped after the last test. Call at the top level. */
export function usePostgres(): TestDatabase {
  let server: Server | undefined;
  let database: { url: string; drop: () => Promise<void> } | undefined;
  let pool: Pool | undefined;
  beforeAll(async () => {
    server = await openPostgresServer();
    database = await createTestDatabase(server.url);
    pool = createPool({ connectionString: database.url, max: 8, onConnectionError: () => {} });
  }, 60_000);
  afterAll(async () => {
    await pool?.end();
    await database?.drop();
    await server?.stop();
  }, 60_000);
  const ready = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('the database is there inside tests and hooks only');
    return value;
  };
  return {
    get pool() {
      return ready(pool);
    },
    get url() {
      return ready(database).url;
    },
  };
}
