import type { HelloMessage } from '@fairlead/shared/contracts';
import type { ClusterId } from '@fairlead/shared/kernel';

export interface LiveSession {
  clusterId: ClusterId;
  epoch: number;
}

export type OpenedSession = { ok: true; epoch: number } | { ok: false; reason: 'fingerprint-mismatch' | 'revoked' };

export interface SessionStore {
  /**
   * Opens the newest session of a cluster: its epoch is above all earlier ones, which end here. What the agent says it
   * has counts as acknowledged. A fingerprint that is not the cluster's is refused and written to the ledger.
   */
  open(request: {
    clusterId: ClusterId;
    clusterName: string;
    replica: string;
    hello: HelloMessage;
    nowMs: number;
  }): Promise<OpenedSession>;
  /** Notes the last sign of life of sessions of this process. Gives those that are not the newest of their cluster any more. */
  heartbeat(sessions: (LiveSession & { seenAtMs: number })[]): Promise<LiveSession[]>;
  /** Ends a session, unless a newer one has replaced it, and wakes the rollouts it matters to. */
  close(session: LiveSession, nowMs: number): Promise<void>;
  /** Ends sessions of replicas that no longer run, and those without a sign of life since `silentSinceMs`. Gives how many. */
  closeLost(request: { livingReplicas: string[]; silentSinceMs: number; nowMs: number }): Promise<number>;
  /** Replicas that claim to hold sessions. */
  replicasWithSessions(): Promise<string[]>;
}

export const SESSION_STORE = Symbol('SessionStore');
