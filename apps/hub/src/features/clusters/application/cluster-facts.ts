import type { ClusterId } from '@fairlead/shared/kernel';
import type { Tx } from '../../../platform/database/pool.ts';

/**
 * Records what an agent says about its cluster, in the transaction that opens its session. A changed Kubernetes version is a changed
 * fact: every source is read again.
 */
export type RecordClusterVersions = (
  tx: Tx,
  versions: { clusterId: ClusterId; agentVersion: string; kubernetesVersion: string },
) => Promise<void>;

export const RECORD_CLUSTER_VERSIONS = Symbol('RecordClusterVersions');
