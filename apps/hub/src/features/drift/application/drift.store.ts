import type { DriftItem, DriftReport, ListDrift } from '@fairlead/shared/contracts';
import type { ListPosition, StreamPosition } from '../domain/drift-cursor.ts';

export type DriftFilter = Omit<ListDrift, 'limit' | 'cursor'>;
export type DriftGrouping = DriftReport['groupBy'];

export interface DriftChange {
  position: StreamPosition;
  item: DriftItem;
}

/** Drift items as they are read: what agents report is written through `RecordDrift`. */
export interface DriftStore {
  /** Latest first seen first. */
  list(page: { filter: DriftFilter; after: ListPosition | null; limit: number }): Promise<{
    items: DriftItem[];
    next: ListPosition | null;
  }>;
  /** Everything that was open at some time since then. */
  countStates(since: string | null): Promise<Pick<DriftReport, 'totals' | 'asOf'>>;
  /** Most open first. */
  countGroups(request: { groupBy: DriftGrouping; since: string | null; limit: number }): Promise<DriftReport['groups']>;
  /** Open items with the same field and live value on more than one cluster. */
  findIdentical(limit: number): Promise<DriftReport['identical']>;
  /** Where a stream that starts now begins. */
  now(): Promise<StreamPosition>;
  /**
   * Items opened, changed or closed behind `after`, in commit order. `readTo`: everything before it is in `changes`, unless the
   * page is full. `isBehind`: more is there that a running transaction holds back.
   */
  readChanges(request: {
    filter: Pick<DriftFilter, 'app' | 'cluster'>;
    after: StreamPosition;
    limit: number;
  }): Promise<{ changes: DriftChange[]; readTo: StreamPosition; isBehind: boolean }>;
}

export const DRIFT_STORE = Symbol('DriftStore');
