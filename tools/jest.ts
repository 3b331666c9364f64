// Runs one level of the tests with Jest in ESM mode: `tools/jest.ts unit|db|system|cases|long [jest arguments]`.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { nodeArguments } from './node-binary.mjs';

const [level = 'unit', ...rest] = process.argv.slice(2);
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const result = spawnSync(
  process.execPath,
  [...nodeArguments, '--experimental-vm-modules', jest, '--config', `tools/jest/${level}.config.mjs`, ...rest],
  { stdio: 'inherit' },
);
process.exit(result.status ?? 1);
