import { mkdirSync } from 'node:fs';
import type { HubConfig } from '../platform/config/config.ts';
import { startEmbeddedPostgres } from '../platform/embedded-postgres/embedded-postgres.ts';
import { hubRole } from '../platform/embedded-postgres/roles.ts';
import { createPlatform } from '../platform/platform.ts';
import { createLogger } from '../platform/telemetry/logger.ts';
import { prepareFirstToken } from './first-token.ts';
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
    const announcement = await prepareFirstToken(platform);
    const hub = await startHubProcess(platform, ['serve', 'work']);
    if (announcement) process.stdout.write(announcement);
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
