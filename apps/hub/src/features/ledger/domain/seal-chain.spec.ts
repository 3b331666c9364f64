import fc from 'fast-check';
import { checkSeals, emptyChain, sealEntries, type LedgerContent, type SealedEntry } from './seal-chain.ts';

function anEntry(id: number, overrides: Partial<LedgerContent> = {}): LedgerContent {
  return {
    id,
    at: '2026-11-23T00:00:00.000001Z',
    actor: 'ada',
    action: 'rollout.start',
    subject: 'rollout:1',
    outcome: 'done',
    reason: null,
    details: { number: id },
    ...overrides,
  };
}

function aChain(ids: number[]): SealedEntry[] {
  const entries = ids.map((id) => anEntry(id));
  return sealEntries(emptyChain, entries).map((seal, index) => ({ seal, entry: entries[index] ?? null }));
}

describe('seal chain', () => {
  it('holds for what was sealed, in any order of ids and any split into batches', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(1000), { maxLength: 20 }), fc.nat(20), (ids, cut) => {
        const chain = aChain(ids);
        const first = checkSeals(emptyChain, chain.slice(0, cut));
        expect(first.ok).toBe(true);
        expect(first.ok && checkSeals(first.head, chain.slice(cut)).ok).toBe(true);
      }),
    );
  });

  it.each<[string, (chain: SealedEntry[]) => void]>([
    ['a changed entry', (chain) => (chain[1]!.entry = anEntry(20, { reason: 'because' }))],
    ['a removed entry', (chain) => (chain[1]!.entry = null)],
    ['a changed instant', (chain) => (chain[1]!.entry = anEntry(20, { at: '2026-11-23T00:00:00.000002Z' }))],
    ['a changed hash', (chain) => (chain[1]!.seal = { ...chain[1]!.seal, hash: 'f'.repeat(64) })],
    ['a changed link', (chain) => (chain[1]!.seal = { ...chain[1]!.seal, prevHash: 'f'.repeat(64) })],
    [
      'entries that changed places',
      (chain) => ([chain[1]!.entry, chain[2]!.entry] = [chain[2]!.entry, chain[1]!.entry]),
    ],
  ])('finds %s', (_name, tamper) => {
    const chain = aChain([10, 20, 30]);
    tamper(chain);
    expect(checkSeals(emptyChain, chain)).toEqual({ ok: false, entryId: 20 });
  });

  it('finds a link that was taken out', () => {
    const chain = aChain([10, 20, 30]);
    chain.splice(1, 1);
    expect(checkSeals(emptyChain, chain)).toEqual({ ok: false, entryId: 30 });
  });

  it('finds a rewritten entry even when its own seal was computed again', () => {
    const chain = aChain([10, 20, 30]);
    const forged = anEntry(20, { actor: 'eve' });
    const [seal] = sealEntries({ seq: 1, hash: chain[0]!.seal.hash }, [forged]);
    chain[1] = { seal: seal!, entry: forged };
    expect(checkSeals(emptyChain, chain)).toEqual({ ok: false, entryId: 30 });
  });
});
