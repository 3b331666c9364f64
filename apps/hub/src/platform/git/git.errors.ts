import { CodedError } from '@fairlead/shared/kernel';

/** The URL cannot be used: `details.problem` says why. The URL itself is left out, it may hold a password. */
export const urlRefused = (problem: string, hint: string) =>
  new CodedError({ code: 'git.url-refused', kind: 'invalid' }, 'This repository URL cannot be used.', {
    problem,
    hint,
  });

/** The repository answered, but has no such branch or tag. */
export const unknownRef = (ref: string) =>
  new CodedError({ code: 'git.unknown-ref', kind: 'not_found' }, 'The repository has no such ref.', { ref });

/** The repository did not answer in a useful way; `problem` is git's own sentence without credentials. */
export const unreachable = (problem: string, cause?: unknown) =>
  new CodedError(
    { code: 'git.unreachable', kind: 'unavailable' },
    'The repository cannot be reached.',
    { problem },
    { cause },
  );

/** A commit that the local copy does not have (any more). */
export const unknownCommit = (commit: string) =>
  new CodedError({ code: 'git.unknown-commit', kind: 'not_found' }, 'The local copy has no such commit.', { commit });

/** Git itself failed on the local copy: a full disk, a damaged object. */
export const localFailure = (problem: string, cause?: unknown) =>
  new CodedError({ code: 'git.failed', kind: 'unavailable' }, 'Git failed on the local copy.', { problem }, { cause });
