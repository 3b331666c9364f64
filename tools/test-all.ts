// `npm test`: every level of the tests one after the other, then one line with the sum.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { countsOf } from './test-all/counts.ts';
import { prepareTests } from './test-all/prepare.ts';
import { runLevel } from './test-all/run-level.ts';

const minutes = 60_000;
const levels = [
  { name: 'unit', expected: 'about 1 minute', limitMs: 15 * minutes },
  { name: 'db', expected: 'about 2 minutes', limitMs: 20 * minutes },
  { name: 'system', expected: 'about 18 minutes', limitMs: 50 * minutes },
  // Looks at what the levels before it left: whether every case of the agent was shown.
  { name: 'cases', expected: 'seconds', limitMs: 2 * minutes },
];
const results = join(import.meta.dirname, '../test/results');

const totals = { passed: 0, failed: 0, skipped: 0 };
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
const prepared = await prepareTests();

for (const { name, expected, limitMs } of levels) {
  console.log(`\n— ${name} tests (${expected})`);
  const outputFile = join(results, `${name}.json`);
  const exitCode = await runLevel({ name, outputFile, limitMs, environment: prepared.environment });
  const counts = countsOf(outputFile);
  totals.passed += counts.passed;
  totals.failed += counts.failed;
  totals.skipped += counts.skipped;
  // A level that did not end well although every test passed has left something behind: that is a failure too.
  if (exitCode !== 0 && counts.failed === 0) totals.failed += 1;
}

await prepared.close();
console.log(`\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(totals.failed > 0 || totals.passed === 0 ? 1 : 0);
