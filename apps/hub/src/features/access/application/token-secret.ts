import { createHash, randomBytes } from 'node:crypto';

const tokenForm = /^flt_[A-Za-z0-9_-]{43}$/;

/** A new API token: 256 random bits. The prefix lets secret scanners find one that leaked. */
export function mintToken(): string {
  return `flt_${randomBytes(32).toString('base64url')}`;
}

/** What is stored of a token. Plain sha256 is enough: there is nothing to guess in 256 random bits. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** The token of an `Authorization` header; null when there is none. `malformed` when it cannot be one of ours. */
export function readBearer(authorization: string | undefined): string | 'malformed' | null {
  if (authorization === undefined || authorization === '') return null;
  const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  return token !== undefined && tokenForm.test(token) ? token : 'malformed';
}
