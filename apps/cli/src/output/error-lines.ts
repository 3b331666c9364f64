import { errorCodes, type ErrorCode } from '@fairlead/shared/contracts';
import { AppError, messageOf } from '@fairlead/shared/kernel';
import type { Palette } from '../terminal.ts';

/** Two lines about an error: what happened, and what to do about it. */
export function errorLines(thrown: unknown, paint: Palette): string {
  const what = thrown instanceof AppError ? describe(thrown) : `Unexpected error: ${messageOf(thrown)}`;
  return `${paint.red('✖')} ${what}\n  ${remedy(thrown)}\n`;
}

function describe(error: AppError): string {
  const details = Object.entries(error.details)
    .filter(([key]) => key !== 'traceId' && key !== 'issues')
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const issues = Array.isArray(error.details['issues']) ? error.details['issues'].map(describeIssue) : [];
  const more = [...details, ...issues].join(', ');
  return `${error.message}${more === '' ? '' : ` (${more})`} [${error.code}]`;
}

function describeIssue(issue: unknown): string {
  if (typeof issue !== 'object' || issue === null) return String(issue);
  const { path, message } = issue as { path?: unknown; message?: unknown };
  const where = Array.isArray(path) ? path.join('.') : path;
  return where === undefined || where === '' ? String(message) : `${String(where)}: ${String(message)}`;
}

function remedy(thrown: unknown): string {
  if (!(thrown instanceof AppError))
    return 'This is a defect of Fairlead. Set FAIRLEAD_DEBUG=1 to see where it happened.';
  if (thrown.code === 'hub.unreachable') {
    return 'Start one with "npm start", or name another with FAIRLEAD_URL, --hub or "fairlead login".';
  }
  const known: Readonly<Record<string, ErrorCode>> = errorCodes;
  const byCode = known[thrown.code];
  if (byCode !== undefined && thrown.kind !== 'bug') return byCode.remedy;
  switch (thrown.kind) {
    case 'invalid':
      return 'Correct what is named above; --help shows what is possible.';
    case 'unauthenticated':
      return 'Sign in with "fairlead login --hub <url>", or set FAIRLEAD_TOKEN.';
    case 'denied':
      return 'Your role does not allow this; "fairlead whoami" shows it. Ask an admin for a token with another role.';
    case 'not_found':
      return 'The "list" command of the same kind shows what there is.';
    case 'conflict':
      return 'Look at the present state with the "get" command, then decide again.';
    case 'unavailable':
      return 'Try again in a moment; "fairlead doctor" shows what is missing.';
    case 'bug':
      return `This is a defect of the hub; its log has more${traceOf(thrown)}.`;
  }
}

function traceOf(error: AppError): string {
  const traceId = error.details['traceId'];
  return typeof traceId === 'string' ? ` under trace ${traceId}` : '';
}
