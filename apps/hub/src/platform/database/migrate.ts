import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import { CodedError } from '@fairlead/shared/kernel';
import type { Db, Pool } from './pool.ts';
import { hasCode } from '../system-error.ts';

const migrationsTable = 'schema_migrations';
const migrationFile = /^\d{4}_[a-z0-9_]+\.sql$/;

/** Where the `.sql` files are: beside the bundle, or in the source tree. */
export function migrationsDirectory(): string {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const candidates = [join(here, 'migrations'), join(here, '..', '..', 'migrations')];
  const found = candidates.find((directory) => migrationNames(directory).length > 0);
  if (!found) throw new Error('the migrations of the hub are missing from this installation');
  return found;
}

function migrationNames(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => migrationFile.test(name))
      .map((name) => name.slice(0, -'.sql'.length))
      .sort();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/**
 * Brings the schema up to this version. Safe to run from several processes at once: one applies, the others wait and
 * find nothing left to do. Returns the names it applied.
 */
export async function migrate(databaseUrl: string, log: (message: string) => void = () => {}): Promise<string[]> {
  const applied = await runner({
    databaseUrl,
    dir: migrationsDirectory(),
    ignorePattern: '(?!\\d{4}_[a-z0-9_]+\\.sql$).*',
    migrationsTable,
    direction: 'up',
    checkOrder: true,
    advisoryLockMode: 'wait',
    log,
  });
  return applied.map((migration) => migration.name);
}

/** Names of the migrations this version of the hub has and the database has not. */
export async function pendingMigrations(db: Db): Promise<string[]> {
  const known = await db.query<{ present: boolean }>(`select to_regclass($1) is not null as present`, [
    migrationsTable,
  ]);
  const wanted = migrationNames(migrationsDirectory());
  if (!known.rows[0]?.present) return wanted;
  const { rows } = await db.query<{ name: string }>(`select name from schema_migrations`);
  const applied = new Set(rows.map((row) => row.name));
  return wanted.filter((name) => !applied.has(name));
}

/** Refuses to go on when the schema is older than this version of the hub. A newer one is fine: schemas stay compatible with the previous version. */
export async function assertSchemaIsCurrent(pool: Pool): Promise<void> {
  const pending = await pendingMigrations(pool);
  if (pending.length === 0) return;
  throw new CodedError(
    { code: 'database.schema-outdated', kind: 'unavailable' },
    'The database schema is older than this hub. Run "hub migrate" first.',
    { pending },
  );
}
