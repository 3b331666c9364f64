import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { CLOCK, type Clock } from '../../platform/clock/clock.ts';
import { HUB_CONFIG, type HubConfig } from '../../platform/config/config.ts';
import { PG_POOL, type Pool } from '../../platform/database/pool.ts';
import { SIGNALS, type Signals } from '../../platform/queue/queue.ts';
import { LOGGER, type Logger } from '../../platform/telemetry/logger.ts';
import { AdvanceGroup } from './application/advance-group.ts';
import { ChangeRollout } from './application/change-rollout.ts';
import { ConfirmPrune } from './application/confirm-prune.ts';
import { HubTime } from './application/hub-time.ts';
import { ManageGroup } from './application/manage-group.ts';
import { ROLLOUT_READER, type RolloutReader } from './application/rollout.reader.ts';
import { ROLLOUT_STORE, type RolloutStore } from './application/rollout.store.ts';
import { StartRollout } from './application/start-rollout.ts';
import { TARGET_STORE, type TargetStore } from './application/target.store.ts';
import { RolloutFeed } from './application/watch-rollout.ts';
import { GroupsController } from './http/groups.controller.ts';
import { RolloutPlansController } from './http/rollout-plans.controller.ts';
import { RolloutsController } from './http/rollouts.controller.ts';
import { TargetsController } from './http/targets.controller.ts';
import { PgRolloutReader } from './persistence/pg-rollout.reader.ts';
import { PgRolloutStore } from './persistence/pg-rollout.store.ts';
import { PgTargetStore } from './persistence/pg-target.store.ts';
import { ROLLOUT_CONSUMERS, advanceGroupConsumer } from './workers/advance-group.worker.ts';
import { GroupTimers } from './workers/group-timers.ts';

@Module({
  controllers: [RolloutsController, RolloutPlansController, GroupsController, TargetsController],
  providers: [
    { provide: ROLLOUT_STORE, inject: [PG_POOL], useFactory: (pool: Pool) => new PgRolloutStore(pool) },
    {
      provide: HubTime,
      inject: [CLOCK],
      useFactory: (clock: Clock) => new HubTime({ clock, uptimeMs: () => performance.now() }),
    },
    {
      provide: GroupTimers,
      inject: [CLOCK, ROLLOUT_STORE, LOGGER],
      useFactory: (clock: Clock, store: RolloutStore, logger: Logger) =>
        new GroupTimers({
          nowMs: () => clock.nowMs(),
          goOff: (groupId) => {
            store.remindGroup(groupId).catch((error: unknown) => {
              logger.warn({ err: error, groupId }, 'a due check could not be queued; the sweep will find it');
            });
          },
        }),
    },
    {
      provide: AdvanceGroup,
      inject: [ROLLOUT_STORE, HubTime, GroupTimers, HUB_CONFIG],
      useFactory: (store: RolloutStore, time: HubTime, timers: GroupTimers, config: HubConfig) =>
        new AdvanceGroup({ store, time, timers, heartbeatMs: config.heartbeatIntervalMs }),
    },
    {
      provide: ROLLOUT_READER,
      inject: [PG_POOL, CLOCK, HUB_CONFIG],
      useFactory: (pool: Pool, clock: Clock, config: HubConfig) =>
        new PgRolloutReader({ pool, clock, heartbeatMs: config.heartbeatIntervalMs }),
    },
    {
      provide: RolloutFeed,
      inject: [ROLLOUT_READER, SIGNALS],
      useFactory: (reader: RolloutReader, signals: Signals) => new RolloutFeed({ reader, signals }),
    },
    {
      provide: StartRollout,
      inject: [AdvanceGroup, ROLLOUT_STORE],
      useFactory: (advance: AdvanceGroup, store: RolloutStore) => new StartRollout({ advance, store }),
    },
    {
      provide: ChangeRollout,
      inject: [AdvanceGroup, ROLLOUT_STORE],
      useFactory: (advance: AdvanceGroup, store: RolloutStore) => new ChangeRollout({ advance, store }),
    },
    { provide: TARGET_STORE, inject: [PG_POOL], useFactory: (pool: Pool) => new PgTargetStore(pool) },
    {
      provide: ConfirmPrune,
      inject: [TARGET_STORE, ROLLOUT_READER, ROLLOUT_STORE],
      useFactory: (targets: TargetStore, reader: RolloutReader, store: RolloutStore) =>
        new ConfirmPrune({ targets, reader, store }),
    },
    {
      provide: ManageGroup,
      inject: [AdvanceGroup, ROLLOUT_STORE],
      useFactory: (advance: AdvanceGroup, store: RolloutStore) => new ManageGroup({ advance, store }),
    },
    {
      provide: ROLLOUT_CONSUMERS,
      inject: [AdvanceGroup, ROLLOUT_STORE],
      useFactory: (advanceGroup: AdvanceGroup, store: RolloutStore) => [advanceGroupConsumer(advanceGroup, store)],
    },
  ],
  exports: [AdvanceGroup, ROLLOUT_CONSUMERS],
})
export class RolloutsModule implements OnApplicationShutdown {
  readonly #timers: GroupTimers;

  constructor(@Inject(GroupTimers) timers: GroupTimers) {
    this.#timers = timers;
  }

  onApplicationShutdown(): void {
    this.#timers.stop();
  }
}
