import { AppError } from '@fairlead/shared/kernel';

/**
 * Why a source cannot be followed, in one sentence for people; null when the error says nothing about the source and the
 * work should be tried again instead.
 */
export function degradedReason(error: unknown, source: { ref: string }): string | null {
  if (!(error instanceof AppError)) return null;
  switch (error.code) {
    case 'git.unknown-ref':
      return `the repository has no branch or tag "${source.ref}"`;
    case 'git.unreachable':
      return `the repository cannot be reached: ${textOf(error.details['problem'])}`;
    case 'git.url-refused':
      return `the URL cannot be used: ${textOf(error.details['hint'])}`;
    default:
      return null;
  }
}

function textOf(detail: unknown): string {
  return typeof detail === 'string' ? detail : 'no details';
}
