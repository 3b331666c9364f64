import { readCaseTable, readOutcomes, shortcomings } from './case-table.ts';

const leastAutomated = 170;

describe('cases of the agent', () => {
  it('are all in the table, each with a spec or with the reason why there is none', () => {
    const open = readCaseTable().filter(({ files, remark }) => files.length === 0 && remark === '');
    expect(open.map(({ number }) => number)).toEqual([]);
  });

  it(`are shown by tests, at least ${leastAutomated} of them`, () => {
    const automated = readCaseTable().filter(({ files }) => files.length > 0);
    expect(automated.length).toBeGreaterThanOrEqual(leastAutomated);
  });

  it('ran and passed in the specs the table names', () => {
    const outcomes = readOutcomes();
    expect(readCaseTable().flatMap((row) => shortcomings(row, outcomes))).toEqual([]);
  });
});
