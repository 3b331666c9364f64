import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, openSync, closeSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { CodedError } from '@fairlead/shared/kernel';
import { postgresBinaries, type PostgresBinaries } from './binaries.ts';
import { loadPasswords, type Passwords } from './passwords.ts';
import { readPostmaster, stopOrphan } from './postmaster.ts';
import { hubRole, ownerRole, prepareDatabase } from './roles.ts';
import { serverUser, type ServerUser } from './server-user.ts';

export interface EmbeddedPostgres {
  /** For whoever makes databases of its own (tests). */
  superuserUrl: string;
  /** Owns the schema; only migrations use it. */
  ownerUrl: string;
  /** What the running hub uses. */
  hubUrl: string;
  stop(): Promise<void>;
}

interface Options {
  /** `postgres/` with the data, `postgres.log` and `postgres-passwords.json` go here. */
  directory: string;
  log: (message: string) => void;
  /** Server settings on top of ours. */
  settings?: Record<string, string>;
}

/**
 * Starts a PostgreSQL of our own on a data directory that is made when absent and kept. Never a second server on one
 * directory: one that a killed hub left behind is stopped first, and a living hub on the same directory is an error.
 * When the server dies while the hub lives, it is started again on the same port.
 */
export async function startEmbeddedPostgres({ directory, log, settings = {} }: Options): Promise<EmbeddedPostgres> {
  const root = resolve(directory);
  mkdirSync(root, { recursive: true });
  const binaries = await postgresBinaries();
  if (process.getuid?.() === 0) chmodSync(root, 0o711);
  const user = serverUser([binaries.postgres, root]);
  const passwords = loadPasswords(join(root, 'postgres-passwords.json'));
  const data = join(root, 'postgres');
  await assertNoOtherHub(data, passwords);
  await stopOrphan(data, log);
  if (!existsSync(join(data, 'PG_VERSION'))) await initialise({ root, data, binaries, user, passwords });
  const port = await freePort();
  const url = (role: string, password: string, database: string) =>
    `postgres://${role}:${password}@127.0.0.1:${port}/${database}`;
  const superuserUrl = url('postgres', passwords.superuser, 'postgres');
  const server = superviseServer({ root, data, port, binaries, user, settings, log });
  try {
    const guard = await untilReady(superuserUrl, server);
    await prepareDatabase(guard, passwords);
    return {
      superuserUrl,
      ownerUrl: url(ownerRole, passwords.owner, 'fairlead'),
      hubUrl: url(hubRole, passwords.hub, 'fairlead'),
      stop: async () => {
        await guard.end();
        await server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

const hubLock = 7_707_001;

/** A living hub holds an advisory lock on its server; one that was killed lost it together with its connections. */
async function assertNoOtherHub(data: string, passwords: Passwords): Promise<void> {
  const running = readPostmaster(data);
  if (!running) return;
  const client = new pg.Client({
    connectionString: `postgres://postgres:${passwords.superuser}@127.0.0.1:${running.port}/postgres`,
    connectionTimeoutMillis: 3000,
  });
  client.on('error', () => {});
  try {
    await client.connect();
  } catch {
    // Nobody answers there: nothing to protect.
    return;
  }
  try {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const { rows } = await client.query<{ free: boolean }>(`select pg_try_advisory_lock($1) as free`, [hubLock]);
      if (rows[0]?.free) return;
      await pause(100);
    }
  } finally {
    await client.end();
  }
  throw new CodedError(
    { code: 'embedded-postgres.in-use', kind: 'conflict' },
    'Another hub is running on this data directory.',
    { directory: data },
  );
}

async function untilReady(superuserUrl: string, server: { failure(): Error | null }): Promise<pg.Client> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const client = new pg.Client({ connectionString: superuserUrl, keepAlive: true });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.query(`select pg_advisory_lock($1)`, [hubLock]);
      return client;
    } catch (error) {
      await client.end().catch(() => {});
      const failure = server.failure();
      if (failure) throw failure;
      if (performance.now() > deadline) throw error;
      await pause(30);
    }
  }
}

interface ServerOptions {
  root: string;
  data: string;
  port: number;
  binaries: PostgresBinaries;
  user: ServerUser;
  settings: Record<string, string>;
  log: (message: string) => void;
}

function superviseServer({ root, data, port, binaries, user, settings, log }: ServerOptions) {
  const flags = Object.entries({
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '120',
    ...settings,
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  let stopping = false;
  let early: Error | null = null;
  let child: ChildProcess;
  let startedAt = 0;
  const start = () => {
    startedAt = performance.now();
    const logFile = openSync(join(root, 'postgres.log'), 'a');
    const [command = binaries.postgres, ...before] = [...user.prefix, binaries.postgres];
    child = spawn(command, [...before, '-D', data, '-p', String(port), ...flags], {
      ...user.ids,
      cwd: root,
      // Its own process group: a Ctrl-C is for the hub, which stops the server when it is done with it.
      detached: true,
      stdio: ['ignore', logFile, logFile],
    });
    closeSync(logFile);
    child.once('error', (error) => (early = error));
    child.once('exit', (code, signal) => {
      if (stopping) return;
      if (performance.now() - startedAt < 5000) {
        early = new Error(`PostgreSQL ended with ${signal ?? code}; see ${join(root, 'postgres.log')}`);
        return;
      }
      log('PostgreSQL ended by itself; starting it again');
      start();
    });
  };
  start();
  return {
    failure: () => early,
    stop: async () => {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      const exited = new Promise((done) => child.once('exit', done));
      child.kill('SIGINT');
      await exited;
    },
  };
}

async function initialise(options: {
  root: string;
  data: string;
  binaries: PostgresBinaries;
  user: ServerUser;
  passwords: Passwords;
}): Promise<void> {
  const { root, data, binaries, user, passwords } = options;
  // Made aside and renamed, so that an interrupted start leaves nothing that looks like a database.
  const fresh = `${data}.new`;
  const passwordFile = join(root, 'postgres.pw');
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  user.own(fresh);
  writeFileSync(passwordFile, `${passwords.superuser}\n`, { mode: 0o600 });
  user.own(passwordFile);
  try {
    const [command = binaries.initdb, ...before] = [...user.prefix, binaries.initdb];
    await run(
      command,
      [
        ...before,
        `--pgdata=${fresh}`,
        '--username=postgres',
        '--auth=scram-sha-256',
        `--pwfile=${passwordFile}`,
        '--encoding=UTF8',
        '--locale=C',
      ],
      { ...user.ids, cwd: root },
    );
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(fresh, data);
}

async function run(
  command: string,
  parameters: string[],
  options: { uid?: number; gid?: number; cwd: string },
): Promise<void> {
  const child = spawn(command, parameters, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-4000)));
  const code = await new Promise<number | null>((done, failed) => {
    child.once('error', failed);
    child.once('close', done);
  });
  if (code !== 0) throw new Error(`making the PostgreSQL data directory failed: ${complaint.trim()}`);
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((listening, failed) => probe.once('error', failed).listen(0, '127.0.0.1', listening));
  const address = probe.address();
  await new Promise((closed) => probe.close(closed));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
