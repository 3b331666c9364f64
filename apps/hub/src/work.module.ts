import { Module } from '@nestjs/common';
import { LedgerModule } from './features/ledger/ledger.module.ts';
import { LEDGER_CONSUMERS } from './features/ledger/workers/seal-ledger.worker.ts';
import { ReleasesModule } from './features/releases/releases.module.ts';
import { RELEASE_CONSUMERS } from './features/releases/workers/read-commit.worker.ts';
import { RolloutsModule } from './features/rollouts/rollouts.module.ts';
import { ROLLOUT_CONSUMERS } from './features/rollouts/workers/advance-group.worker.ts';
import { SourcesModule } from './features/sources/sources.module.ts';
import { SOURCE_CONSUMERS } from './features/sources/workers/fetch-source.worker.ts';
import { QUEUE_CONSUMERS, type QueueConsumer } from './platform/queue/queue.ts';

/** Everything that handles reminders. */
@Module({
  imports: [LedgerModule, ReleasesModule, RolloutsModule, SourcesModule],
  providers: [
    {
      provide: QUEUE_CONSUMERS,
      inject: [LEDGER_CONSUMERS, RELEASE_CONSUMERS, ROLLOUT_CONSUMERS, SOURCE_CONSUMERS],
      useFactory: (...consumers: QueueConsumer[][]) => consumers.flat(),
    },
  ],
  exports: [QUEUE_CONSUMERS],
})
export class WorkModule {}
