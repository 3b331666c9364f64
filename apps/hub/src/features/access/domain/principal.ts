import type { Role } from '@fairlead/shared/contracts';
import type { PrincipalId } from '@fairlead/shared/kernel';

/** A person or robot that showed a valid token. */
export interface AuthenticatedPrincipal {
  id: PrincipalId;
  name: string;
  kind: 'person' | 'robot';
  role: Role;
  tokenId: number;
}

/** A stored token as authentication sees it. */
export interface StoredToken {
  principal: AuthenticatedPrincipal;
  expiresAtMs: number;
  isRevoked: boolean;
  lastUsedAtMs: number | null;
}

/** Whether the token may be used at `nowMs`. */
export function isLive(token: StoredToken, nowMs: number): boolean {
  return !token.isRevoked && nowMs < token.expiresAtMs;
}
