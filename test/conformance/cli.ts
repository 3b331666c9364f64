// Compares our renderer with the real one: `npm run conformance -- render DIR`.
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { startOracle } from './render/oracle.ts';
import type { Verdict } from './render/compare.ts';
import { runConformance } from './render/run-conformance.ts';

const verdicts: readonly Verdict[] = ['equal', 'refused', 'different'];

async function main(args: readonly string[]): Promise<number> {
  const [what, directory] = args;
  const isUsable =
    what === 'render' && directory !== undefined && statSync(directory, { throwIfNoEntry: false })?.isDirectory();
  if (!isUsable) {
    process.stderr.write('usage: npm run conformance -- render DIR\n');
    return 2;
  }
  const oracle = await startOracle((line) => process.stderr.write(`${line}\n`));
  const results = await runConformance(resolve(directory), oracle);
  for (const result of results) {
    if (result.verdict !== 'equal')
      process.stdout.write(`${result.verdict}: ${result.root || '.'}\n  ${result.detail}\n`);
  }
  const counts = verdicts.map(
    (verdict) => `${results.filter((result) => result.verdict === verdict).length} ${verdict}`,
  );
  process.stdout.write(`${counts.join(', ')}\n`);
  return results.some((result) => result.verdict === 'different') ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
