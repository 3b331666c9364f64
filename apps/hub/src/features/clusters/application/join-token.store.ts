import type { JoinToken, Labels } from '@fairlead/shared/contracts';

export interface NewJoinToken {
  tokenHash: string;
  labels: Labels;
  namePattern: string;
  maxUses: number;
  createdBy: string;
  createdAtMs: number;
  expiresAtMs: number;
}

export interface JoinTokenStore {
  create(token: NewJoinToken): Promise<JoinToken>;
  list(page: { beforeId: number | null; limit: number }): Promise<JoinToken[]>;
  /** False: no such token. Revoking twice changes nothing more. */
  revoke(change: { id: number; by: string; nowMs: number }): Promise<boolean>;
}

export const JOIN_TOKEN_STORE = Symbol('JoinTokenStore');
