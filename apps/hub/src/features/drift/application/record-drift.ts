import type { DriftItemReport, DriftMessage } from '@fairlead/shared/contracts';
import type { AppId, ClusterId, Digest } from '@fairlead/shared/kernel';
import type { Tx } from '../../../platform/database/pool.ts';

/** What one drift message of an agent says about one target. */
export interface TargetDrift {
  clusterId: ClusterId;
  appId: AppId;
  counter: number;
  digest: Digest;
  opened: readonly DriftItemReport[];
  closed: DriftMessage['closed'];
  /** When the agent said so. */
  at: string;
}

/**
 * Records drift in the transaction that stores the report, and wakes streams once it has committed. A message recorded twice,
 * or again after later ones, changes nothing. Gives how many items it opened and closed.
 */
export type RecordDrift = (tx: Tx, drift: TargetDrift) => Promise<{ opened: number; closed: number }>;

export const RECORD_DRIFT = Symbol('RecordDrift');
