import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { LintedFixture } from './lint-fixtures.ts';

const run = spawnSync(process.execPath, [join(import.meta.dirname, 'lint-fixtures.ts')], { encoding: 'utf8' });
if (run.status !== 0) throw new Error(`the fixtures could not be linted: ${run.stderr}`);
const linted = JSON.parse(run.stdout) as LintedFixture[];

describe('lint refuses, on exactly the marked lines,', () => {
  it.each(linted.map((fixture) => [fixture.name.replace(/\.ts$/, '').replaceAll('-', ' '), fixture] as const))(
    '%s',
    (_name, { expected, reported, fatal }) => {
      expect(fatal).toBeNull();
      expect(expected.length).toBeGreaterThan(0);
      expect(reported).toEqual(expected);
    },
  );
});
