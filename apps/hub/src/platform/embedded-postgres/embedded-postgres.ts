import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { postgresBinaries } from './binaries.ts';
import { assertNoOtherHub, HubGuard } from './hub-guard.ts';
import { initialise } from './initialise.ts';
import { loadPasswords } from './passwords.ts';
import { stopOrphan } from './postmaster.ts';
import { hubRole, ownerRole, prepareDatabase } from './roles.ts';
import { superviseServer, type ServerProcess } from './server-process.ts';
import { serverUser } from './server-user.ts';

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
    await untilReady(superuserUrl, server);
    server.settle();
    const guard = new HubGuard(superuserUrl);
    await guard.hold();
    await prepareDatabase(superuserUrl, passwords);
    return {
      superuserUrl,
      ownerUrl: url(ownerRole, passwords.owner, 'fairlead'),
      hubUrl: url(hubRole, passwords.hub, 'fairlead'),
      stop: async () => {
        await guard.release();
        await server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function untilReady(superuserUrl: string, server: ServerProcess): Promise<void> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const client = new pg.Client({ connectionString: superuserUrl });
    client.on('error', () => {});
    try {
      await client.connect();
      return;
    } catch (error) {
      const failure = server.failure();
      if (failure) throw failure;
      if (performance.now() > deadline) throw error;
      await pause(30);
    } finally {
      await client.end().catch(() => {});
    }
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((listening, failed) => probe.once('error', failed).listen(0, '127.0.0.1', listening));
  const address = probe.address();
  await new Promise((closed) => probe.close(closed));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
