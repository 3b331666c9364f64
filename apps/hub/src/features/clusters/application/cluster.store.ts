import type { Cluster, Labels } from '@fairlead/shared/contracts';
import type { ClusterId } from '@fairlead/shared/kernel';

/** Facts of a cluster, without what its connection is right now. */
export interface StoredCluster {
  id: ClusterId;
  name: string;
  labels: Labels;
  annotations: Record<string, string>;
  kubernetesVersion: string | null;
  agentVersion: string | null;
  createdAtMs: number;
  revokedAtMs: number | null;
  session: { connectedAtMs: number; lastHeartbeatAtMs: number; disconnectedAtMs: number | null } | null;
}

export interface ClusterStore {
  list(page: { afterName: string | null; limit: number }): Promise<StoredCluster[]>;
  find(name: string): Promise<StoredCluster | null>;
  /** Changes labels, and when that changed anything bumps the facts version and has every source read again. Null: no such cluster. */
  setLabels(change: { name: string; labels: Record<string, string | null>; by: string }): Promise<StoredCluster | null>;
  /** Revokes the cluster's keys and tells every replica. Null: no such cluster. Doing it twice changes nothing more. */
  revoke(change: { name: string; reason: string; by: string; nowMs: number }): Promise<StoredCluster | null>;
}

export const CLUSTER_STORE = Symbol('ClusterStore');

export type ClusterPage = { items: Cluster[]; next: string | null };
