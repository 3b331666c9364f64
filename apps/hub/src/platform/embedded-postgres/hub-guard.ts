import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { CodedError } from '@fairlead/shared/kernel';
import type { Passwords } from './passwords.ts';
import { readPostmaster } from './postmaster.ts';

const hubLock = 7_707_001;

/** A living hub holds an advisory lock on its server; one that was killed lost it together with its connections. */
export async function assertNoOtherHub(data: string, passwords: Passwords): Promise<void> {
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

const retryMs = 200;

/** The lock of a living hub, taken again whenever the server was restarted under it. */
export class HubGuard {
  readonly #superuserUrl: string;
  #client: pg.Client | undefined;
  #retry: NodeJS.Timeout | undefined;
  #isReleased = false;

  constructor(superuserUrl: string) {
    this.#superuserUrl = superuserUrl;
  }

  async hold(): Promise<void> {
    const client = new pg.Client({ connectionString: this.#superuserUrl, keepAlive: true });
    const lose = () => {
      clearTimeout(this.#retry);
      if (!this.#isReleased) this.#retry = setTimeout(() => void this.hold().catch(() => {}), retryMs);
    };
    client.on('error', lose);
    client.on('end', lose);
    this.#client = client;
    try {
      await client.connect();
      await client.query(`select pg_advisory_lock($1)`, [hubLock]);
    } catch (error) {
      lose();
      throw error;
    }
  }

  async release(): Promise<void> {
    this.#isReleased = true;
    clearTimeout(this.#retry);
    await this.#client?.end().catch(() => {});
  }
}
