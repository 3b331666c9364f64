import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { CLOCK, type Clock } from '../../platform/clock/clock.ts';
import { HUB_CONFIG, type HubConfig } from '../../platform/config/config.ts';
import { PG_POOL, type Pool } from '../../platform/database/pool.ts';
import { LOGGER } from '../../platform/telemetry/logger.ts';
import { AdvanceGroup } from './application/advance-group.ts';
import { HubTime } from './application/hub-time.ts';
import { ROLLOUT_STORE, type RolloutStore } from './application/rollout.store.ts';
import { PgRolloutStore } from './persistence/pg-rollout.store.ts';
import { ROLLOUT_CONSUMERS, advanceGroupConsumer } from './workers/advance-group.worker.ts';
import { GroupTimers } from './workers/group-timers.ts';

@Module({
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
              logger.warn({ error, groupId }, 'a due check could not be queued; the sweep will find it');
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
