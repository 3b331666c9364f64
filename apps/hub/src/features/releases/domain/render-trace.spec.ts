import { holdsFor, holdsIn, type CommitAnswers, type ReadTrace } from './render-trace.ts';

const commit = (files: Record<string, string>, directories: Record<string, string> = {}): CommitAnswers => ({
  contentId: (path) => files[path] ?? null,
  directoryDigest: (path) => directories[path] ?? null,
});
const trace = (overrides: Partial<ReadTrace>): ReadTrace => ({
  files: [],
  directories: [],
  absentFiles: [],
  absentDirectories: [],
  facts: [],
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

  it('holds for a cluster while every fact it used is the same, whatever others say', () => {
    const used = trace({
      facts: [
        ['cluster.labels.env', 'prod'],
        ['cluster.labels.gpu', null],
      ],
    });
    const cluster = {
      name: 'a',
      labels: { env: 'prod', team: 'x' },
      annotations: {},
      kubernetesVersion: null,
      schemas: '',
      today: '2026-01-01',
    };
    expect(holdsFor(used, cluster)).toBe(true);
    expect(holdsFor(used, { ...cluster, labels: { env: 'prod', team: 'y' } })).toBe(true);
    expect(holdsFor(used, { ...cluster, labels: { env: 'prod', gpu: '' } })).toBe(false);
    expect(holdsFor(used, { ...cluster, labels: {} })).toBe(false);
    const versioned = trace({ facts: [['cluster.schemas', '1.34']] });
    expect(holdsFor(versioned, { ...cluster, schemas: '1.34' })).toBe(true);
    expect(holdsFor(versioned, { ...cluster, schemas: '1.35' })).toBe(false);
  });
});
