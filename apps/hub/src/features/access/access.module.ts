import { Module } from '@nestjs/common';
import { CLOCK, type Clock } from '../../platform/clock/clock.ts';
import { PG_POOL, type Pool } from '../../platform/database/pool.ts';
import { API_TOKEN_STORE, type ApiTokenStore } from './application/api-token.store.ts';
import { Authenticate } from './application/authenticate.ts';
import { Authorise } from './application/authorise.ts';
import { ManageApiTokens } from './application/manage-api-tokens.ts';
import { RefusalLog } from './application/refusal-log.ts';
import { AccessGuard } from './http/access.guard.ts';
import { ApiTokensController } from './http/api-tokens.controller.ts';
import { WhoAmIController } from './http/whoami.controller.ts';
import { PgApiTokenStore } from './persistence/pg-api-token.store.ts';
import { PgRefusalStore } from './persistence/pg-refusal.store.ts';

@Module({
  controllers: [ApiTokensController, WhoAmIController],
  providers: [
    { provide: API_TOKEN_STORE, inject: [PG_POOL], useFactory: (pool: Pool) => new PgApiTokenStore(pool) },
    {
      provide: RefusalLog,
      inject: [PG_POOL],
      useFactory: (pool: Pool) => new RefusalLog({ store: new PgRefusalStore(pool), limitPerMinute: 120 }),
    },
    {
      provide: Authenticate,
      inject: [API_TOKEN_STORE, RefusalLog, CLOCK],
      useFactory: (store: ApiTokenStore, refusals: RefusalLog, clock: Clock) =>
        new Authenticate({ store, refusals, clock, failuresPerMinute: 20 }),
    },
    {
      provide: Authorise,
      inject: [RefusalLog, CLOCK],
      useFactory: (refusals: RefusalLog, clock: Clock) => new Authorise({ refusals, clock }),
    },
    {
      provide: ManageApiTokens,
      inject: [API_TOKEN_STORE, CLOCK, Authenticate],
      useFactory: (store: ApiTokenStore, clock: Clock, authenticate: Authenticate) =>
        new ManageApiTokens({ store, clock, onRevoked: () => authenticate.forget() }),
    },
    {
      provide: AccessGuard,
      inject: [Authenticate, Authorise],
      useFactory: (authenticate: Authenticate, authorise: Authorise) => new AccessGuard({ authenticate, authorise }),
    },
  ],
  exports: [AccessGuard],
})
export class AccessModule {}
