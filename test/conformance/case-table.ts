import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const levels = ['unit', 'db', 'system'] as const;

export interface CaseRow {
  readonly number: number;
  readonly files: readonly string[];
  readonly remark: string;
}

/** A test that ran, by the file it is in. */
export interface TestOutcome {
  readonly file: string;
  /** Numbers of the cases its title begins with. */
  readonly cases: readonly number[];
  readonly title: string;
  readonly passed: boolean;
}

/** The rows of `agent-cases.md`. */
export function readCaseTable(): CaseRow[] {
  const lines = readFileSync(join(import.meta.dirname, 'agent-cases.md'), 'utf8').split('\n');
  return lines.flatMap((line): CaseRow[] => {
    const [, number, files, remark] = /^\| (\d+) +\|([^|]*)\|([^|]*)\|$/.exec(line) ?? [];
    if (number === undefined) return [];
    const paths = (files ?? '').split('<br>').map((path) => path.trim());
    return [{ number: Number(number), files: paths.filter((path) => path !== ''), remark: (remark ?? '').trim() }];
  });
}

/** What the levels of `npm test` left behind. Throws when one has not run. */
export function readOutcomes(): TestOutcome[] {
  return levels.flatMap((level) => {
    const file = join(root, 'test/results', `${level}.json`);
    if (!existsSync(file)) throw new Error(`the ${level} tests left no results at ${file}: run "npm test"`);
    return outcomesOf(JSON.parse(readFileSync(file, 'utf8')) as JestReport);
  });
}

interface JestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

function outcomesOf(report: JestReport): TestOutcome[] {
  return report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ fullName, status }) => ({
      file: name.startsWith(`${root}/`) ? name.slice(root.length + 1) : name,
      cases: [...fullName.matchAll(/\[case (\d+)\]/g)].map(([, number]) => Number(number)),
      title: fullName,
      passed: status === 'passed',
    })),
  );
}

/** Why a row is not shown, one line each; empty when every spec file of it ran the case and passed. */
export function shortcomings(row: CaseRow, outcomes: readonly TestOutcome[]): string[] {
  return row.files.flatMap((file) => {
    const own = outcomes.filter((outcome) => outcome.file === file && outcome.cases.includes(row.number));
    if (own.length === 0) return [`case ${row.number} did not run in ${file}`];
    return own
      .filter(({ passed }) => !passed)
      .map(({ title }) => `case ${row.number} did not pass in ${file}: ${title}`);
  });
}
