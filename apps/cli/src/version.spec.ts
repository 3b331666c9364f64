import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from './version.ts';

it('is the version of the package', () => {
  const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8')) as unknown;
  expect(manifest).toMatchObject({ version });
});
