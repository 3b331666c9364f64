import { appendLedger } from '../../../platform/database/ledger-rows.ts';
import { inTransaction, type Pool } from '../../../platform/database/pool.ts';
import type { Refusal, RefusalStore } from '../application/refusal-log.ts';

export class PgRefusalStore implements RefusalStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async write(refusal: Refusal): Promise<void> {
    const { actor, action, subject, reason, address } = refusal;
    await inTransaction(this.#pool, (tx) =>
      appendLedger(tx, { actor, action, subject, outcome: 'refused', reason, details: { address } }),
    );
  }
}
