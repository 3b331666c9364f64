import { createHash, randomBytes } from 'node:crypto';

/** A new join token: 256 random bits, with a prefix by which secret scanners find one that leaked. */
export function mintJoinToken(): string {
  return `flj_${randomBytes(32).toString('base64url')}`;
}

/** What is stored of a join token. There is nothing to guess in 256 random bits, so plain sha256 is enough. */
export function hashJoinToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
