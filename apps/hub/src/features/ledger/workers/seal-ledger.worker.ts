import type { QueueConsumer } from '../../../platform/queue/queue.ts';
import type { SealLedger } from '../application/seal-ledger.ts';

export const LEDGER_CONSUMERS = Symbol('LedgerConsumers');

// A sweep found an entry that no reminder led to, so it may lie below where new ones turn up.
const everything = 'everything';

export function sealLedgerConsumer(sealLedger: SealLedger): QueueConsumer {
  return {
    queue: 'seal-ledger',
    concurrency: 1,
    handle: (key) => sealLedger.seal({ everything: key === everything }),
    sweep: async () => ((await sealLedger.hasWork()) ? [everything] : []),
    sweepIntervalMs: 300_000,
  };
}
