import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { eventually } from '@fairlead/shared/test-kit';

interface RedisServer {
  url: string;
  stop(): Promise<void>;
}

/** Whether this machine can give tests a Redis: `TEST_REDIS_URL`, or a `redis-server` program. */
function hasRedis(): boolean {
  if (process.env['TEST_REDIS_URL']) return true;
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    // Not installed.
    return false;
  }
}

/** `describe`, or, where there is no Redis, `describe.skip`: the tests count as skipped and are visible as such. */
export const describeWithRedis: jest.Describe = hasRedis() ? describe : describe.skip;

/** `TEST_REDIS_URL` when set, else a throw-away server. Keep apart by prefix what must not mix. */
export async function openRedisServer(): Promise<RedisServer> {
  const given = process.env['TEST_REDIS_URL'];
  if (given) return { url: given, stop: async () => {} };
  const directory = mkdtempSync(join(tmpdir(), 'fairlead-redis-'));
  const port = await freePort();
  const server = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory, '--save', '', '--appendonly', 'no'],
    { stdio: 'ignore' },
  );
  const url = `redis://127.0.0.1:${port}`;
  await eventually(async () => {
    const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
    client.on('error', () => {});
    try {
      await client.connect();
    } finally {
      client.disconnect();
    }
  });
  return {
    url,
    stop: async () => {
      const exited = new Promise((done) => server.once('exit', done));
      server.kill('SIGTERM');
      await exited;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((listening) => probe.listen(0, '127.0.0.1', listening));
  const address = probe.address();
  await new Promise((closed) => probe.close(closed));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

/** Gives the spec file a Redis, stopped after the last test. Call inside `describeWithRedis`. */
export function useRedis(): () => { url: string } {
  let server: RedisServer | undefined;
  beforeAll(async () => {
    server = await openRedisServer();
  });
  afterAll(async () => {
    await server?.stop();
  });
  return () => {
    if (!server) throw new Error('Redis is there inside tests and hooks only');
    return server;
  };
}
