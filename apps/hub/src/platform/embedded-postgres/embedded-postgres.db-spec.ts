import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { eventually } from '@fairlead/shared/test-kit';
import { migrate } from '../database/migrate.ts';
import { grantRuntimeRole } from '../database/runtime-role.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.ts';
import { isAlive, readPostmaster } from './postmaster.ts';
import { hubRole } from './roles.ts';

const settings = { fsync: 'off', shared_buffers: '16MB' };
const started: EmbeddedPostgres[] = [];
let directory = '';

async function start(): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ directory, settings, log: () => {} });
  started.push(server);
  return server;
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

function postmasterPid(): number {
  const postmaster = readPostmaster(join(directory, 'postgres'));
  if (!postmaster) throw new Error('no server');
  return postmaster.pid;
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fairlead-embedded-'));
});

afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

describe('the embedded PostgreSQL', () => {
  it('keeps its data over a restart', async () => {
    const first = await start();
    await query(first.ownerUrl, 'create table kept as select 42 as answer');
    await first.stop();
    const second = await start();
    expect(await query(second.ownerUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  it('lets the hub add to the ledger but not change it, and others read no password', async () => {
    const server = await start();
    await migrate(server.ownerUrl);
    await grantRuntimeRole(server.ownerUrl, hubRole);
    const insert = `insert into ledger (actor, action, subject, outcome) values ('hub', 'a.b', 'c', 'done')`;
    await query(server.hubUrl, insert);
    expect(await query(server.hubUrl, 'select actor from ledger')).toEqual([{ actor: 'hub' }]);
    for (const forbidden of [
      `update ledger set actor = 'x'`,
      'delete from ledger',
      'truncate ledger',
      'drop trigger ledger_append_only on ledger',
      'drop table ledger',
      'delete from ledger_seals',
      'delete from schema_migrations',
    ]) {
      await expect(query(server.hubUrl, forbidden)).rejects.toThrow(/permission denied|must be owner/);
    }
    expect(statSync(join(directory, 'postgres-passwords.json')).mode & 0o077).toBe(0);
    const wrong = server.hubUrl.replace(/:[^:@]+@/, ':wrong@');
    await expect(query(wrong, 'select 1')).rejects.toThrow('password authentication failed');
  });

  it('refuses a second hub on the same data', async () => {
    const first = await start();
    await expect(start()).rejects.toMatchObject({ code: 'embedded-postgres.in-use' });
    expect(await query(first.hubUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('comes back on the same port when the server is killed', async () => {
    const server = await start();
    await query(server.ownerUrl, 'create table kept as select 42 as answer');
    const killed = postmasterPid();
    process.kill(killed, 'SIGKILL');
    await eventually(async () => {
      expect(await query(server.ownerUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
      expect(postmasterPid()).not.toBe(killed);
    });
  });

  it('is not confused by a pid file about another process', async () => {
    const first = await start();
    await first.stop();
    const file = join(directory, 'postgres', 'postmaster.pid');
    writeFileSync(file, `${process.pid}\n${join(directory, 'postgres')}\n0\n1\n\n127.0.0.1\n`);
    const second = await start();
    expect(await query(second.hubUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(isAlive(process.pid)).toBe(true);
    expect(readFileSync(file, 'utf8')).not.toContain(`${process.pid}\n`);
  });
});
