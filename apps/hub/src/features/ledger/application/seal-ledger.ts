import type { Clock } from '../../../platform/clock/clock.ts';
import { sealEntries } from '../domain/seal-chain.ts';
import { SettledFloor } from '../domain/settled-floor.ts';
import type { LedgerStore } from './ledger.store.ts';

const batchSize = 500;
const settleMs = 600_000;

/** Chains every committed entry that has no seal yet. */
export class SealLedger {
  readonly #store: LedgerStore;
  readonly #clock: Clock;
  readonly #floor = new SettledFloor(settleMs);

  constructor(options: { store: LedgerStore; clock: Clock }) {
    this.#store = options.store;
    this.#clock = options.clock;
  }

  /** `everything` looks through the whole ledger, not only where entries can still turn up. */
  async seal({ everything }: { everything: boolean }): Promise<void> {
    for (;;) {
      const nowMs = this.#clock.nowMs();
      const aboveId = everything ? 0 : this.#floor.at(nowMs);
      const sealed = await this.#store.sealBatch({ aboveId, limit: batchSize }, sealEntries);
      const last = sealed.at(-1);
      if (last !== undefined) this.#floor.reached(last, nowMs);
      if (sealed.length < batchSize) return;
    }
  }

  hasWork(): Promise<boolean> {
    return this.#store.hasUnsealed();
  }
}
