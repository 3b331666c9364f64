import type { Assignment, SnapshotResponse } from '@fairlead/shared/contracts';
import type { ClusterId, Digest } from '@fairlead/shared/kernel';

export interface AssignmentReader {
  /** All assignments of a cluster, by app name. */
  assignmentsOf(clusterId: ClusterId): Promise<Assignment[]>;
  /** For each cluster a text that differs whenever its assignments do. */
  checksums(clusterIds: readonly ClusterId[]): Promise<Map<ClusterId, string>>;
}

export interface SnapshotReader {
  /** A snapshot assigned to the cluster, without the blobs that `base` has too; null when it is not assigned to it. */
  assignedSnapshot(request: {
    clusterId: ClusterId;
    digest: Digest;
    base: Digest | null;
  }): Promise<SnapshotResponse | null>;
}

export const ASSIGNMENT_READER = Symbol('AssignmentReader');
export const SNAPSHOT_READER = Symbol('SnapshotReader');
