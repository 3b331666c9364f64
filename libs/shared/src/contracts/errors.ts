import type { ErrorKind } from '../kernel/errors.ts';

/** What a stable error code means, for those who meet it: in a problem document, on the command line or in a log. */
export interface ErrorCode {
  kind: ErrorKind;
  meaning: string;
  /** What to do about it. */
  remedy: string;
}

/** Every error code that any part of Fairlead gives out. `docs/errors.md` is generated from this table. */
export const errorCodes = {
  // ---- access
  'access.unauthenticated': {
    kind: 'unauthenticated',
    meaning: 'The request carries no API token, or one that is unknown, expired or revoked.',
    remedy: 'Run `fairlead login` with a valid token; the ledger says why a presented token was refused.',
  },
  'access.denied': {
    kind: 'denied',
    meaning: 'The role of the API token does not include the permission that the route needs.',
    remedy: 'Use a token with a role that has the permission named in the details.',
  },
  'access.too-many-attempts': {
    kind: 'unavailable',
    meaning: 'Too many wrong API tokens came from one address within a minute.',
    remedy: 'Wait as long as the details say, and correct the token.',
  },
  'access.token-not-found': {
    kind: 'not_found',
    meaning: 'There is no API token with this id.',
    remedy: 'List the tokens with `GET /v1/api-tokens`.',
  },
  'access.principal-kind-conflict': {
    kind: 'conflict',
    meaning: 'The name belongs to a person and was given for a robot, or the other way round.',
    remedy: 'Choose another name for the new principal.',
  },
  'access.last-admin-token': {
    kind: 'conflict',
    meaning: 'Revoking this token would leave nobody who can manage access.',
    remedy: 'Issue another admin token first.',
  },
  // ---- requests
  'request.invalid-cursor': {
    kind: 'invalid',
    meaning: 'The cursor or event id was not given out by this list or stream.',
    remedy: 'Start again without a cursor.',
  },
} as const satisfies Record<string, ErrorCode>;
