import { Global, Module, type DynamicModule } from '@nestjs/common';
import { CLOCK } from './clock/clock.ts';
import { HUB_CONFIG } from './config/config.ts';
import { PG_POOL } from './database/pool.ts';
import { REPLICA_PRESENCE } from './database/replica-presence.ts';
import { HealthController, READINESS, readinessOf } from './http/health.controller.ts';
import { OpenApiController, OPENAPI_DOCUMENT } from './http/openapi.controller.ts';
import { HUB_KEYS } from './keys/hub-keys.ts';
import type { Platform } from './platform.ts';
import { SIGNALS } from './queue/queue.ts';
import { LOGGER } from './telemetry/logger.ts';

/** Gives what was put together outside Nest to every module. */
@Global()
@Module({})
export class PlatformModule {
  static of(platform: Platform): DynamicModule {
    return {
      module: PlatformModule,
      controllers: [HealthController, OpenApiController],
      providers: [
        { provide: CLOCK, useValue: platform.clock },
        { provide: HUB_CONFIG, useValue: platform.config },
        { provide: HUB_KEYS, useValue: platform.keys },
        { provide: LOGGER, useValue: platform.logger },
        { provide: PG_POOL, useValue: platform.pool },
        { provide: REPLICA_PRESENCE, useValue: platform.presence },
        { provide: SIGNALS, useValue: platform.signals },
        { provide: READINESS, useValue: readinessOf(platform) },
        { provide: OPENAPI_DOCUMENT, useValue: { current: null } },
      ],
      exports: [CLOCK, HUB_CONFIG, HUB_KEYS, LOGGER, PG_POOL, REPLICA_PRESENCE, SIGNALS, OPENAPI_DOCUMENT],
    };
  }
}
