import { Module } from '@nestjs/common';
import { PG_POOL, type Pool } from '../../platform/database/pool.ts';
import { SIGNALS, type Signals } from '../../platform/queue/queue.ts';
import { DRIFT_STORE, type DriftStore } from './application/drift.store.ts';
import { RECORD_DRIFT } from './application/record-drift.ts';
import { DriftFeed } from './application/watch-drift.ts';
import { DriftController } from './http/drift.controller.ts';
import { PgDriftStore } from './persistence/pg-drift.store.ts';
import { recordDrift } from './persistence/pg-record-drift.ts';

@Module({
  controllers: [DriftController],
  providers: [
    { provide: RECORD_DRIFT, useValue: recordDrift },
    { provide: DRIFT_STORE, inject: [PG_POOL], useFactory: (pool: Pool) => new PgDriftStore(pool) },
    {
      provide: DriftFeed,
      inject: [DRIFT_STORE, SIGNALS],
      useFactory: (store: DriftStore, signals: Signals) => new DriftFeed({ store, signals }),
    },
  ],
  exports: [RECORD_DRIFT],
})
export class DriftModule {}
