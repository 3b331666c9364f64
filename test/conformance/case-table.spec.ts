import { readCaseTable, shortcomings, type TestOutcome } from './case-table.ts';

// Written so that this file is not taken for one that shows the case.
const title = `[${'case'} 7] works`;
const row = { number: 7, files: ['a.spec.ts', 'b.system-spec.ts'], remark: '' };
const outcome = (file: string, changes: Partial<TestOutcome> = {}): TestOutcome => ({
  file,
  cases: [7],
  title,
  passed: true,
  ...changes,
});

describe('the table of cases', () => {
  it('has every number once', () => {
    expect(readCaseTable().map(({ number }) => number)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
  });

  it('holds when the case ran and passed in each of its files', () => {
    expect(shortcomings(row, [outcome('a.spec.ts'), outcome('b.system-spec.ts', { cases: [6, 7] })])).toEqual([]);
  });

  it('does not hold when a file did not run it, or one test of it did not pass', () => {
    const failed = outcome('a.spec.ts', { passed: false, title: `${title} twice` });
    const other = outcome('b.system-spec.ts', { cases: [70] });
    expect(shortcomings(row, [outcome('a.spec.ts'), failed, other])).toEqual([
      `case 7 did not pass in a.spec.ts: ${title} twice`,
      'case 7 did not run in b.system-spec.ts',
    ]);
  });
});
