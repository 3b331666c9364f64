import { CodedError, type AppError } from '@fairlead/shared/kernel';

/** No token, or one that is unknown, expired or revoked: the caller is not told which. */
export function unauthenticated(): AppError {
  return new CodedError(
    { code: 'access.unauthenticated', kind: 'unauthenticated' },
    'A valid API token is needed: send it as "Authorization: Bearer <token>".',
  );
}

/** Too many wrong tokens from one address. */
export function tooManyAttempts(retryAfterSeconds: number): AppError {
  return new CodedError(
    { code: 'access.too-many-attempts', kind: 'unavailable' },
    'Too many wrong API tokens came from this address; wait before trying again.',
    { retryAfterSeconds },
  );
}

/** The caller is known and may not do this. `permission` is null for a route that declares none. */
export function accessDenied(details: { permission: string | null; role: string }): AppError {
  return new CodedError({ code: 'access.denied', kind: 'denied' }, 'This role may not do that.', details);
}

export function tokenNotFound(id: number): AppError {
  return new CodedError({ code: 'access.token-not-found', kind: 'not_found' }, 'There is no such API token.', { id });
}

/** A name is a person or a robot, for good: approvals count persons. */
export function principalKindConflict(principal: string, kind: string): AppError {
  return new CodedError(
    { code: 'access.principal-kind-conflict', kind: 'conflict' },
    'The principal exists with another kind.',
    { principal, kind },
  );
}

/** Revoking the last usable admin token would lock everyone out. */
export function lastAdminToken(id: number): AppError {
  return new CodedError(
    { code: 'access.last-admin-token', kind: 'conflict' },
    'This is the last usable admin token; issue another one first.',
    { id },
  );
}
