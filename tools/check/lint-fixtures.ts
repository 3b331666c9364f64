// Lints every file of test/lint-fixtures as the file it names, and prints what was found as JSON. A process of its own:
// the linter loads its plugins in ways that a test environment does not support.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import { loadProjectGraph } from './project-graph.ts';

export interface LintedFixture {
  name: string;
  /** Lines that must be refused. */
  expected: number[];
  /** Lines that the rule refused. */
  reported: number[];
  /** Anything that kept the file from being linted at all. */
  fatal: string | null;
}

const root = join(import.meta.dirname, '../..');
const directory = join(root, 'test/lint-fixtures');
loadProjectGraph();
const eslint = new ESLint({ cwd: root });

const linted: LintedFixture[] = [];
for (const name of readdirSync(directory).filter((file) => file.endsWith('.ts'))) {
  const text = readFileSync(join(directory, name), 'utf8');
  const filePath = /^\/\/ as: (\S+)$/m.exec(text)?.[1];
  const rule = /^\/\/ breaks: (\S+)$/m.exec(text)?.[1];
  if (filePath === undefined || rule === undefined) throw new Error(`${name} does not say what it breaks`);
  const [result] = await eslint.lintText(text, { filePath: join(root, filePath) });
  const messages = result?.messages ?? [];
  const lines = messages.filter((message) => message.ruleId === rule).map((message) => message.line);
  linted.push({
    name,
    expected: text.split('\n').flatMap((line, index) => (line.endsWith('// refused') ? [index + 1] : [])),
    reported: [...new Set(lines)].sort((a, b) => a - b),
    fatal: messages.find((message) => message.fatal)?.message ?? null,
  });
}
console.log(JSON.stringify(linted));
