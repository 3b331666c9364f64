import type { AgentReport } from '@fairlead/shared/contracts';
import type { ClusterId } from '@fairlead/shared/kernel';

export interface ReportStore {
  /**
   * Stores reports of one session, in their order, in one transaction. False when the session is not the newest of its
   * cluster any more: then nothing is stored.
   */
  store(batch: {
    clusterId: ClusterId;
    epoch: number;
    reports: readonly AgentReport[];
    nowMs: number;
  }): Promise<boolean>;
}

export const REPORT_STORE = Symbol('ReportStore');
