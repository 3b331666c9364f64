import { localFailure } from './git.errors.ts';

export interface Commit {
  commit: string;
  author: string;
  subject: string;
  /** When it was committed, epoch milliseconds. */
  committedAtMs: number;
}

/** Reads the raw text of a commit object. */
export function parseCommit(oid: string, content: Buffer): Commit {
  const text = content.toString('utf8');
  const end = text.indexOf('\n\n');
  const header = end < 0 ? text : text.slice(0, end);
  const author = /^author (.*?) <[^>]*> \d+ [+-]\d{4}$/m.exec(header)?.[1];
  const seconds = /^committer .* (\d+) [+-]\d{4}$/m.exec(header)?.[1];
  if (seconds === undefined) throw localFailure('a commit without committer line');
  const [subject = ''] =
    end < 0
      ? []
      : text
          .slice(end + 2)
          .trimStart()
          .split('\n', 1);
  return {
    commit: oid,
    author: (author ?? '').slice(0, 200) || 'unknown',
    subject: subject.slice(0, 300),
    committedAtMs: Number(seconds) * 1000,
  };
}
