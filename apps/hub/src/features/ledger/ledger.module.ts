import { Module } from '@nestjs/common';
import { CLOCK, type Clock } from '../../platform/clock/clock.ts';
import { PG_POOL, type Pool } from '../../platform/database/pool.ts';
import { LEDGER_STORE, type LedgerStore } from './application/ledger.store.ts';
import { SealLedger } from './application/seal-ledger.ts';
import { LedgerController } from './http/ledger.controller.ts';
import { PgLedgerStore } from './persistence/pg-ledger.store.ts';
import { LEDGER_CONSUMERS, sealLedgerConsumer } from './workers/seal-ledger.worker.ts';

@Module({
  controllers: [LedgerController],
  providers: [
    { provide: LEDGER_STORE, inject: [PG_POOL], useFactory: (pool: Pool) => new PgLedgerStore(pool) },
    {
      provide: SealLedger,
      inject: [LEDGER_STORE, CLOCK],
      useFactory: (store: LedgerStore, clock: Clock) => new SealLedger({ store, clock }),
    },
    { provide: LEDGER_CONSUMERS, inject: [SealLedger], useFactory: (seal: SealLedger) => [sealLedgerConsumer(seal)] },
  ],
  exports: [LEDGER_CONSUMERS],
})
export class LedgerModule {}
