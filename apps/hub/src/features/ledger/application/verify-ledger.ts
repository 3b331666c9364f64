import type { LedgerVerification } from '@fairlead/shared/contracts';
import { checkSeals, emptyChain } from '../domain/seal-chain.ts';
import type { LedgerStore } from './ledger.store.ts';

const pageSize = 1000;

/** Computes the whole chain again and says where it first fails. */
export async function verifyLedger(store: LedgerStore): Promise<LedgerVerification> {
  let head = emptyChain;
  for (;;) {
    const links = await store.readSeals({ afterSeq: head.seq, limit: pageSize });
    const result = checkSeals(head, links);
    if (!result.ok) {
      return {
        intact: false,
        sealed: head.seq,
        unsealed: await store.countUnsealed(),
        firstBadEntry: result.entryId,
        head: null,
      };
    }
    head = result.head;
    if (links.length < pageSize) break;
  }
  return {
    intact: true,
    sealed: head.seq,
    unsealed: await store.countUnsealed(),
    firstBadEntry: null,
    head: head.seq === 0 ? null : head.hash,
  };
}
