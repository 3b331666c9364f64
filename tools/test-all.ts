// `npm test`: every level of the tests one after the other, then one line with the sum.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { prepare } from './test-all/prepare.ts';

const levels = ['unit', 'db', 'system'] as const;
const expected = { unit: 'about 1 minute', db: 'about 2 minutes', system: 'about 10 minutes' };
const results = join(import.meta.dirname, '../test/results');

const totals = { passed: 0, failed: 0, skipped: 0 };
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
const environment = { ...process.env, ...(await prepare()) };

for (const level of levels) {
  console.log(`\n— ${level} tests (${expected[level]})`);
  const outputFile = join(results, `${level}.json`);
  const run = spawnSync(
    process.execPath,
    [join(import.meta.dirname, 'jest.ts'), level, '--json', `--outputFile=${outputFile}`],
    { stdio: ['ignore', 'ignore', 'inherit'], env: environment },
  );
  const counts = countsOf(outputFile);
  totals.passed += counts.passed;
  totals.failed += counts.failed;
  totals.skipped += counts.skipped;
  if (run.status !== 0 && counts.failed === 0) totals.failed += 1;
}

console.log(`\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(totals.failed > 0 || totals.passed === 0 ? 1 : 0);

/** Tests by outcome; a suite that could not even be loaded counts as one failed test. */
function countsOf(outputFile: string): typeof totals {
  try {
    const report = JSON.parse(readFileSync(outputFile, 'utf8')) as Record<string, number>;
    return {
      passed: report['numPassedTests'] ?? 0,
      failed: (report['numFailedTests'] ?? 0) + (report['numRuntimeErrorTestSuites'] ?? 0),
      skipped: (report['numPendingTests'] ?? 0) + (report['numTodoTests'] ?? 0),
    };
  } catch {
    console.error(`The test run left no report at ${outputFile}.`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
