// `npm run test:long`: the full counts of the heavy proofs. Leaves a record that names the commit it ran on.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { countsOf } from './test-all/counts.ts';
import { prepareTests } from './test-all/prepare.ts';
import { runLevel } from './test-all/run-level.ts';

const root = join(import.meta.dirname, '..');
const outputFile = join(root, 'test/results/long.json');
const recordFile = join(root, 'test/long-results/latest.json');

const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
const isClean = execFileSync('git', ['status', '--porcelain', '--untracked-files=no'], { cwd: root }).length === 0;
mkdirSync(join(root, 'test/results'), { recursive: true });
mkdirSync(join(root, 'test/long-results'), { recursive: true });

const prepared = await prepareTests();
const startedAt = new Date();
const exitCode = await runLevel({
  name: 'long',
  outputFile,
  limitMs: 4 * 3_600_000,
  environment: prepared.environment,
});
await prepared.close();

const counts = countsOf(outputFile);
const report = JSON.parse(readFileSync(outputFile, 'utf8')) as {
  testResults: { assertionResults: { fullName: string; status: string; duration: number | null }[] }[];
};
const tests = report.testResults
  .flatMap((file) => file.assertionResults)
  .map(({ fullName, status, duration }) => ({ test: fullName, status, seconds: Math.round((duration ?? 0) / 1000) }));
const record = { commit, isClean, startedAt: startedAt.toISOString(), node: process.version, ...counts, tests };
writeFileSync(recordFile, `${JSON.stringify(record, null, 2)}\n`);

console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(exitCode);
