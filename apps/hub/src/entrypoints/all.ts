import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureFirstAdminToken } from '../features/access/first-admin-token.ts';
import type { HubConfig } from '../platform/config/config.ts';
import { startEmbeddedPostgres } from '../platform/embedded-postgres/embedded-postgres.ts';
import { hubRole } from '../platform/embedded-postgres/roles.ts';
import { createPlatform } from '../platform/platform.ts';
import { createLogger } from '../platform/telemetry/logger.ts';
import { startHubProcess } from './hub-process.ts';
import { migrateSchema } from './migrate.ts';
import { untilAskedToStop } from './stop-signals.ts';

const stopMarginMs = 15_000;

interface Database {
  url: string;
  stop(): Promise<void>;
}

/** Everything in one process: database (unless one is given), migrations, serving, working. */
export async function runAll(config: HubConfig): Promise<void> {
  mkdirSync(config.dataDir, { recursive: true });
  const log = createLogger(config.log.level);
  const asked = untilAskedToStop(log, config.shutdownMs + stopMarginMs);
  const database = await openDatabase(config, (message) => log.info(message));
  try {
    const platform = createPlatform(config, { databaseUrl: database.url });
    const hub = await startHubProcess(platform, ['serve', 'work']);
    const token = await ensureFirstAdminToken(platform.pool, platform.clock);
    if (token) announce(config, token);
    await asked;
    await hub.stop();
  } finally {
    await database.stop();
  }
}

async function openDatabase(config: HubConfig, log: (message: string) => void): Promise<Database> {
  const given = config.database.url?.reveal();
  if (given) {
    await migrateSchema({
      ownerUrl: config.database.migrationUrl?.reveal() ?? given,
      runtimeRole: config.database.runtimeRole,
      log,
    });
    return { url: given, stop: async () => {} };
  }
  const embedded = await startEmbeddedPostgres({ directory: config.dataDir, log });
  try {
    await migrateSchema({ ownerUrl: embedded.ownerUrl, runtimeRole: hubRole, log });
    return { url: embedded.hubUrl, stop: () => embedded.stop() };
  } catch (error) {
    await embedded.stop();
    throw error;
  }
}

/** Shows the first token where the person who started the hub looks, and keeps it where their scripts can read it. */
function announce(config: HubConfig, token: string): void {
  const path = join(config.dataDir, 'admin-token');
  writeFileSync(path, `${token}\n`, { mode: 0o600 });
  process.stdout.write(
    `\nFairlead listens on ${config.publicUrl}\nFirst admin token (shown only now, kept in ${path}):\n\n  ${token}\n\n`,
  );
}
