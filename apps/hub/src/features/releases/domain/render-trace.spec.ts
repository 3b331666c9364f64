import { holdsIn, type CommitAnswers, type ReadTrace } from './render-trace.ts';

const commit = (files: Record<string, string>, directories: Record<string, string> = {}): CommitAnswers => ({
  contentId: (path) => files[path] ?? null,
  directoryDigest: (path) => directories[path] ?? null,
});
const trace = (overrides: Partial<ReadTrace>): ReadTrace => ({
  files: [],
  directories: [],
  absentFiles: [],
  absentDirectories: [],
  ...overrides,
});

describe('a render trace', () => {
  it('holds while every file, listing and absence is the same', () => {
    const looked = trace({
      files: [['a', '1']],
      directories: [['d', 'x']],
      absentFiles: ['n'],
      absentDirectories: ['m'],
    });
    expect(holdsIn(looked, commit({ a: '1', other: '9' }, { d: 'x', n: 'a directory now' }))).toBe(true);
    expect(holdsIn(looked, commit({ a: '2' }, { d: 'x' }))).toBe(false);
    expect(holdsIn(looked, commit({}, { d: 'x' }))).toBe(false);
    expect(holdsIn(looked, commit({ a: '1' }, { d: 'y' }))).toBe(false);
    expect(holdsIn(looked, commit({ a: '1', n: '1' }, { d: 'x' }))).toBe(false);
    expect(holdsIn(looked, commit({ a: '1' }, { d: 'x', m: 'x' }))).toBe(false);
  });
});
