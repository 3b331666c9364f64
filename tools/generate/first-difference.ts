const contextLines = 2;
const shownLines = 12;

/** The first lines in which two texts differ, as a small diff for people. */
export function firstDifference(present: string, wanted: string): string {
  const before = present.split('\n');
  const after = wanted.split('\n');
  const first = after.findIndex((line, index) => line !== before[index]);
  const start = first === -1 ? after.length : first;
  const until = start + shownLines;
  const removed = before.slice(start, until).filter((line) => !after.slice(start, until).includes(line));
  const added = after.slice(start, until).filter((line) => !before.slice(start, until).includes(line));
  return [
    `  line ${start + 1}, ${before.length} lines instead of ${after.length}`,
    ...after.slice(Math.max(0, start - contextLines), start).map((line) => `    ${line}`),
    ...removed.map((line) => `  - ${line}`),
    ...added.map((line) => `  + ${line}`),
  ].join('\n');
}
