import type { Clock } from '../../platform/clock/clock.ts';
import type { Pool } from '../../platform/database/pool.ts';
import { issueFirstAdminToken } from './application/issue-first-admin-token.ts';
import { PgApiTokenStore } from './persistence/pg-api-token.store.ts';

/** For entrypoints, before the hub listens: the admin token to print on a first run, null on every later one. */
export function ensureFirstAdminToken(pool: Pool, clock: Clock): Promise<string | null> {
  return issueFirstAdminToken({ store: new PgApiTokenStore(pool), clock });
}
