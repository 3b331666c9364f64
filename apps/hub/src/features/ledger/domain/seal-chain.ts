import { canonicalJson, sha256Hex, type Json } from '@fairlead/manifests';

/** An entry exactly as it is stored: the instant with all its microseconds, integers exact. */
export interface LedgerContent {
  id: number;
  at: string;
  actor: string;
  action: string;
  subject: string;
  outcome: 'done' | 'refused';
  reason: string | null;
  details: Json;
}

/** Link `seq` of the chain. */
export interface Seal {
  seq: number;
  entryId: number;
  prevHash: string;
  hash: string;
}

/** Where a chain ends; the next seal hangs on it. */
export interface ChainHead {
  seq: number;
  hash: string;
}

/** Before the first seal. */
export const emptyChain: ChainHead = { seq: 0, hash: '0'.repeat(64) };

function sealHash(seq: number, prevHash: string, entry: LedgerContent): string {
  return sha256Hex(canonicalJson({ seq, prevHash, entry: { ...entry } }));
}

/** Chains entries behind `head` in the order given. */
export function sealEntries(head: ChainHead, entries: readonly LedgerContent[]): Seal[] {
  let { seq, hash } = head;
  return entries.map((entry) => {
    const prevHash = hash;
    seq += 1;
    hash = sealHash(seq, prevHash, entry);
    return { seq, entryId: entry.id, prevHash, hash };
  });
}

/** A stored seal with the entry it names; the entry is null when the row is gone. */
export interface SealedEntry {
  seal: Seal;
  entry: LedgerContent | null;
}

/**
 * Walks stored seals in order behind `head`. Gives the head they lead to, or the entry of the first link that does not hold:
 * an entry changed or gone, a seal changed, gone or put in between.
 */
export function checkSeals(
  head: ChainHead,
  links: readonly SealedEntry[],
): { ok: true; head: ChainHead } | { ok: false; entryId: number } {
  let current = head;
  for (const { seal, entry } of links) {
    const isLinked = seal.seq === current.seq + 1 && seal.prevHash === current.hash;
    if (!isLinked || !entry || sealHash(seal.seq, seal.prevHash, entry) !== seal.hash) {
      return { ok: false, entryId: seal.entryId };
    }
    current = { seq: seal.seq, hash: seal.hash };
  }
  return { ok: true, head: current };
}
