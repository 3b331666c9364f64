import { CodedError } from '@fairlead/shared/kernel';
import type { HubConfig } from '../platform/config/config.ts';
import { assertSchemaIsCurrent } from '../platform/database/migrate.ts';
import { createPlatform } from '../platform/platform.ts';
import { prepareFirstToken } from './first-token.ts';
import { startHubProcess, type Role } from './hub-process.ts';
import { untilAskedToStop } from './stop-signals.ts';

const stopMarginMs = 15_000;

/** `hub serve` and `hub work`: one role, on a database that `hub migrate` has brought up to date. */
export async function runRole(config: HubConfig, role: Role): Promise<void> {
  const databaseUrl = config.database.url?.reveal();
  if (!databaseUrl) {
    throw new CodedError({ code: 'config.invalid', kind: 'invalid' }, 'The configuration is invalid.', {
      problems: [`DATABASE_URL: needed by "hub ${role}"; only "hub all" brings a database of its own`],
    });
  }
  const platform = createPlatform(config, { databaseUrl });
  const asked = untilAskedToStop(platform.logger, config.shutdownMs + stopMarginMs);
  await assertSchemaIsCurrent(platform.pool);
  const announcement = role === 'serve' ? await prepareFirstToken(platform) : null;
  const hub = await startHubProcess(platform, [role]);
  if (announcement) process.stdout.write(announcement);
  await asked;
  await hub.stop();
}
