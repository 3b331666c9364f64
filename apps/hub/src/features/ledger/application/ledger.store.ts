import type { LedgerEntry, ListLedger } from '@fairlead/shared/contracts';
import type { ChainHead, LedgerContent, Seal, SealedEntry } from '../domain/seal-chain.ts';

export type LedgerFilter = Pick<ListLedger, 'subject' | 'actor' | 'action' | 'outcome'>;

/** Entries and their seals. Nothing here changes or removes an entry. */
export interface LedgerStore {
  /** Newest first. */
  list(page: { filter: LedgerFilter; beforeId: number | null; limit: number }): Promise<LedgerEntry[]>;
  /**
   * Lets `seal` chain one batch of committed, unsealed entries above `aboveId`, smallest id first. One sealer at a time over
   * all replicas; the others wait. Gives the ids it sealed.
   */
  sealBatch(
    batch: { aboveId: number; limit: number },
    seal: (head: ChainHead, entries: LedgerContent[]) => Seal[],
  ): Promise<number[]>;
  /** Seals behind `afterSeq` in order, each with its entry. */
  readSeals(page: { afterSeq: number; limit: number }): Promise<SealedEntry[]>;
  countUnsealed(): Promise<number>;
  hasUnsealed(): Promise<boolean>;
}

export const LEDGER_STORE = Symbol('LedgerStore');
