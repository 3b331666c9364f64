import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessModule } from './features/access/access.module.ts';
import { AccessGuard } from './features/access/http/access.guard.ts';
import { AgentsModule } from './features/agents/agents.module.ts';
import { ClustersModule } from './features/clusters/clusters.module.ts';
import { DriftModule } from './features/drift/drift.module.ts';
import { LedgerModule } from './features/ledger/ledger.module.ts';
import { ReleasesModule } from './features/releases/releases.module.ts';
import { RolloutsModule } from './features/rollouts/rollouts.module.ts';
import { SourcesModule } from './features/sources/sources.module.ts';

/** Everything that answers requests. Every route goes through the access guard, which refuses what declares nothing. */
@Module({
  imports: [
    AccessModule,
    AgentsModule,
    ClustersModule,
    DriftModule,
    LedgerModule,
    ReleasesModule,
    RolloutsModule,
    SourcesModule,
  ],
  providers: [{ provide: APP_GUARD, useExisting: AccessGuard }],
})
export class HubModule {}
