import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { eventually } from '@fairlead/shared/test-kit';
import { createTestDatabase } from './postgres.ts';
import { startProgram, type RunningProgram } from './process.ts';

export interface HubOptions {
  /** A database of its own on `TEST_DATABASE_URL`, else the hub's embedded one, when absent. */
  databaseUrl?: string;
  /** The hub's own embedded PostgreSQL, also when `TEST_DATABASE_URL` is set. */
  embedded?: boolean;
  redisUrl?: string;
  /** A temporary directory when absent. */
  dataDir?: string;
  env?: Record<string, string>;
  /** `all` when absent. The other roles need `databaseUrl` and a schema that is current. */
  role?: 'all' | 'serve' | 'work';
  /** Further options of Node, such as `--cpu-prof`. */
  nodeOptions?: readonly string[];
}

/** A hub process as users run it. */
export interface HubProcess {
  readonly url: string;
  readonly adminToken: string;
  readonly databaseUrl: string;
  readonly dataDir: string;
  /** A request with the admin token. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  process(): RunningProgram;
  /** Everything it printed, in all its lives. */
  logs(): string;
  kill9(): Promise<void>;
  /** Starts it again on the same data and port; stops it first when it runs. */
  restart(env?: Record<string, string>): Promise<void>;
  /** Ends it and removes what was made for it. */
  stop(): Promise<void>;
}

const root = join(import.meta.dirname, '..', '..');
const bundle = join(root, 'dist', 'hub', 'main.mjs');
const startTimeoutMs = 60_000;

/** Starts the bundled hub, which is built when it is missing, and resolves when it is ready. */
export async function startHub(options: HubOptions = {}): Promise<HubProcess> {
  buildOnce();
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'fairlead-hub-'));
  const server = options.embedded ? undefined : process.env['TEST_DATABASE_URL'];
  const database = !options.databaseUrl && server ? await createTestDatabase(server) : null;
  const databaseUrl = options.databaseUrl ?? database?.url;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let env: NodeJS.ProcessEnv = {
    ...process.env,
    ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
    ...(options.redisUrl ? { REDIS_URL: options.redisUrl, FAIRLEAD_REDIS_PREFIX: `test-${port}-${process.pid}` } : {}),
    FAIRLEAD_DATA_DIR: dataDir,
    FAIRLEAD_PORT: String(port),
    ...options.env,
  };
  let earlier = '';
  const launch = (): RunningProgram =>
    startProgram(
      process.execPath,
      ['--enable-source-maps', ...(options.nodeOptions ?? []), bundle, options.role ?? 'all'],
      { env },
    );
  const ready = async (): Promise<void> => {
    if (options.role === 'work') return;
    await eventually(
      async () => {
        if (!running.isRunning()) throw new Error(`the hub ended: ${running.output().slice(-4000)}`);
        const response = await fetch(`${url}/readyz`);
        if (!response.ok) throw new Error(`not ready: ${await response.text()}`);
      },
      { timeoutMs: startTimeoutMs },
    );
  };
  let running = launch();
  await ready();
  const hub: HubProcess = {
    url,
    dataDir,
    get adminToken() {
      return readFileSync(join(dataDir, 'admin-token'), 'utf8').trim();
    },
    get databaseUrl() {
      return databaseUrl ?? embeddedUrl(dataDir);
    },
    fetch: (path, init = {}) => {
      const headers = new Headers(init.headers);
      headers.set('authorization', `Bearer ${hub.adminToken}`);
      if (init.body) headers.set('content-type', 'application/json');
      return fetch(new URL(path, url), { ...init, headers });
    },
    process: () => running,
    logs: () => earlier + running.output(),
    kill9: () => running.kill9(),
    restart: async (more = {}) => {
      await running.stop();
      earlier += running.output();
      env = { ...env, ...more };
      running = launch();
      await ready();
    },
    stop: async () => {
      await running.stop();
      await database?.drop();
      if (!options.dataDir) rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return hub;
}

let isBuilt = false;

function buildOnce(): void {
  if (isBuilt || existsSync(bundle)) return;
  const result = spawnSync(process.execPath, [join(root, 'tools/build.ts')], { stdio: 'inherit' });
  if (result.status !== 0) throw new Error('the programs could not be built');
  isBuilt = true;
}

/** Superuser connection to the database of a hub that brought its own. */
function embeddedUrl(dataDir: string): string {
  const { superuser } = JSON.parse(readFileSync(join(dataDir, 'postgres-passwords.json'), 'utf8')) as {
    superuser: string;
  };
  const port = readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[3];
  return `postgres://postgres:${superuser}@127.0.0.1:${port}/fairlead`;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((listening) => probe.listen(0, '127.0.0.1', listening));
  const address = probe.address();
  await new Promise((closed) => probe.close(closed));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
