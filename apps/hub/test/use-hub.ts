import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureFirstAdminToken } from '../src/features/access/first-admin-token.ts';
import { startHubProcess, type HubProcess } from '../src/entrypoints/hub-process.ts';
import { loadConfig } from '../src/platform/config/config.ts';
import { createPlatform, type Platform } from '../src/platform/platform.ts';
import { systemClock, type Clock } from '../src/platform/clock/clock.ts';

/** The whole hub in this process, on a real database and a real port. */
export interface HubUnderTest {
  readonly url: string;
  readonly platform: Platform;
  readonly adminToken: string;
  call(method: string, path: string, body?: unknown, token?: string | null): Promise<Answer>;
  stop(): Promise<void>;
}

export interface Answer {
  status: number;
  body: unknown;
}

/** A clock that tests can move. */
export class MovableClock implements Clock {
  #aheadMs = 0;

  nowMs(): number {
    return systemClock.nowMs() + this.#aheadMs;
  }

  advance(ms: number): void {
    this.#aheadMs += ms;
  }
}

export interface HubOptions {
  clock?: Clock;
  env?: Record<string, string>;
  /** Taken over from a hub before, so that its agents' tokens stay valid. */
  dataDir?: string;
}

/** Starts a hub on a test's database. The audience of agents is fixed, the port is free. */
export async function startHubInProcess(
  database: { readonly url: string },
  options: HubOptions = {},
): Promise<HubUnderTest> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'fairlead-hub-test-'));
  const config = loadConfig({
    DATABASE_URL: database.url,
    FAIRLEAD_DATA_DIR: dataDir,
    FAIRLEAD_PORT: '0',
    FAIRLEAD_PUBLIC_URL: 'http://hub.test',
    FAIRLEAD_LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
    FAIRLEAD_DATABASE_POOL_SIZE: '6',
    FAIRLEAD_SHUTDOWN_MS: '2000',
    ...options.env,
  });
  const platform = createPlatform(config, {
    databaseUrl: database.url,
    ...(options.clock ? { clock: options.clock } : {}),
  });
  const adminToken = (await ensureFirstAdminToken(platform.pool, platform.clock)) ?? '';
  const running: HubProcess = await startHubProcess(platform, ['serve', 'work']);
  const url = (await running.app?.getUrl()) ?? '';
  return {
    url,
    platform,
    adminToken,
    call: async (method, path, body, token = adminToken) => {
      const response = await fetch(new URL(path, url), {
        method,
        headers: {
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
    },
    stop: async () => {
      await running.stop();
      if (!options.dataDir) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** One hub for all tests of a file. */
export function useHub(database: { readonly url: string }, options: HubOptions = {}): () => HubUnderTest {
  let hub: HubUnderTest | undefined;
  beforeAll(async () => {
    hub = await startHubInProcess(database, options);
  }, 60_000);
  afterAll(async () => {
    await hub?.stop();
  }, 60_000);
  return () => {
    if (!hub) throw new Error('the hub is there inside tests and hooks only');
    return hub;
  };
}
