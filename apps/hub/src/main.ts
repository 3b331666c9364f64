import 'reflect-metadata';
import { inspect } from 'node:util';
import { AppError } from '@fairlead/shared/kernel';
import { runAll } from './entrypoints/all.ts';
import { runMigrate } from './entrypoints/migrate.ts';
import { runOpenApi } from './entrypoints/openapi.ts';
import { runRole } from './entrypoints/serve-or-work.ts';
import { loadConfig, type HubConfig } from './platform/config/config.ts';

const roles: Record<string, (config: HubConfig) => Promise<void>> = {
  all: runAll,
  serve: (config) => runRole(config, 'serve'),
  work: (config) => runRole(config, 'work'),
  migrate: runMigrate,
  openapi: runOpenApi,
};

const usage = `usage: hub [${Object.keys(roles).join('|')}]
Settings come from the environment; see docs/configuration.md.
`;

async function main(words: string[]): Promise<number> {
  const [name = 'all', ...rest] = words;
  const run = roles[name];
  if (!run || rest.length > 0) {
    const isQuestion = name === '--help' || name === 'help';
    process[isQuestion ? 'stdout' : 'stderr'].write(usage);
    return isQuestion ? 0 : 2;
  }
  try {
    await run(loadConfig(process.env));
    return 0;
  } catch (error) {
    if (!(error instanceof AppError)) {
      process.stderr.write(`${inspect(error)}\n`);
      return 70;
    }
    process.stderr.write(`${error.message}\n`);
    for (const [key, value] of Object.entries(error.details)) {
      for (const line of Array.isArray(value) ? value : [`${key}: ${String(value)}`])
        process.stderr.write(`  ${line}\n`);
    }
    return 1;
  }
}

process.exit(await main(process.argv.slice(2)));
