import type { ClusterId } from '@fairlead/shared/kernel';

export interface AgentKeyRecord {
  clusterId: ClusterId;
  clusterName: string;
  publicKey: { kty: string; crv: string; x: string };
}

export interface AgentKeyStore {
  /** The key when it and its cluster are not revoked. */
  findActive(keyId: string): Promise<AgentKeyRecord | null>;
  /** Those of `keyIds` that are not revoked. */
  activeAmong(keyIds: string[]): Promise<Set<string>>;
  /** Remembers an assertion id until it could not be used any more. False: it was used before. */
  useJti(jti: string, expiresAtMs: number, nowMs: number): Promise<boolean>;
}

export const AGENT_KEY_STORE = Symbol('AgentKeyStore');
