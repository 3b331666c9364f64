import { invalidCursor, type LedgerEntry, type ListLedger } from '@fairlead/shared/contracts';
import type { LedgerStore } from './ledger.store.ts';

const defaultPageSize = 100;

/** One page of the ledger, newest first. The cursor is the id of the last entry shown. */
export async function listLedger(
  store: LedgerStore,
  query: ListLedger,
): Promise<{ items: LedgerEntry[]; next: string | null }> {
  const { limit = defaultPageSize, cursor, ...filter } = query;
  if (cursor !== undefined && !/^\d{1,15}$/.test(cursor)) throw invalidCursor();
  const found = await store.list({ filter, beforeId: cursor === undefined ? null : Number(cursor), limit: limit + 1 });
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, next: found.length > limit && last ? String(last.id) : null };
}
