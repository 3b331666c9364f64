import type { ApiToken, Role } from '@fairlead/shared/contracts';
import type { StoredToken } from '../domain/principal.ts';

export interface NewApiToken {
  principal: string;
  principalKind: 'person' | 'robot';
  role: Role;
  tokenHash: string;
  description: string;
  createdAtMs: number;
  expiresAtMs: number;
  /** Who issues it, for the ledger. */
  issuedBy: string;
}

export type RevokeOutcome = 'revoked' | 'already-revoked' | 'not-found' | 'last-admin';

/** Where tokens and principals are kept. Changes write their ledger entry in the same transaction. */
export interface ApiTokenStore {
  findByHash(tokenHash: string): Promise<StoredToken | null>;
  markUsed(tokenId: number, atMs: number): Promise<void>;
  /** Creates the principal when it is new; null when it exists with the other kind. */
  issue(token: NewApiToken): Promise<ApiToken | null>;
  /** Issues the token only if no token was ever issued; of several callers at once one gets true. */
  issueFirst(token: NewApiToken): Promise<boolean>;
  /** Newest first. */
  list(page: { beforeId: number | null; limit: number }): Promise<ApiToken[]>;
  /** Never revokes the last usable admin token. */
  revoke(request: { tokenId: number; revokedBy: string; nowMs: number }): Promise<RevokeOutcome>;
}

export const API_TOKEN_STORE = Symbol('ApiTokenStore');
