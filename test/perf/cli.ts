// `npm run bench -- NAME [--quick] [--json]`: runs one benchmark and prints its figures as one JSON line.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

interface Bench {
  run(options: { quick: boolean }): Promise<Record<string, unknown>>;
}

const folder = import.meta.dirname;
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -'.bench.ts'.length));
const name = process.argv.slice(2).find((argument) => !argument.startsWith('--'));
const flags = new Set(process.argv.slice(2).filter((argument) => argument.startsWith('--')));

if (!name || !existsSync(join(folder, `${name}.bench.ts`))) {
  console.error(`usage: npm run bench -- NAME [--quick] [--json]\nNAME is one of: ${names.join(', ')}`);
  process.exit(2);
}

const bench = (await import(`./${name}.bench.ts`)) as Bench;
const figures = await bench.run({ quick: flags.has('--quick') });
const line = { name, ...figures };
if (!flags.has('--json')) console.log(JSON.stringify(line, null, 2));
console.log(JSON.stringify(line));

if (!flags.has('--quick') || flags.has('--save')) {
  const results = join(folder, 'results');
  mkdirSync(results, { recursive: true });
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
  const record = { ...line, quick: flags.has('--quick'), commit, cpus: cpus().length, node: process.version };
  writeFileSync(join(results, `${name}.json`), `${JSON.stringify(record, null, 2)}\n`);
}
process.exit(0);
