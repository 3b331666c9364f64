import { CodedError } from '@fairlead/shared/kernel';
import type { HubConfig } from '../platform/config/config.ts';
import { migrate } from '../platform/database/migrate.ts';
import { grantRuntimeRole } from '../platform/database/runtime-role.ts';

/** Brings schema and grants up to this version. Returns the migrations it applied. */
export async function migrateSchema(options: {
  ownerUrl: string;
  runtimeRole: string | null;
  log: (message: string) => void;
}): Promise<string[]> {
  const applied = await migrate(options.ownerUrl);
  for (const name of applied) options.log(`applied migration ${name}`);
  if (options.runtimeRole) await grantRuntimeRole(options.ownerUrl, options.runtimeRole);
  return applied;
}

/** `hub migrate`: its own step, before `serve` and `work` of this version start. */
export async function runMigrate(config: HubConfig): Promise<void> {
  const ownerUrl = (config.database.migrationUrl ?? config.database.url)?.reveal();
  if (!ownerUrl) {
    throw new CodedError({ code: 'config.invalid', kind: 'invalid' }, 'The configuration is invalid.', {
      problems: ['DATABASE_URL: needed by "hub migrate"'],
    });
  }
  const log = (message: string) => void process.stdout.write(`${message}\n`);
  const applied = await migrateSchema({ ownerUrl, runtimeRole: config.database.runtimeRole, log });
  if (applied.length === 0) log('the schema is current');
}
