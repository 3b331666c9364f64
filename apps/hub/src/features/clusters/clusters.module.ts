import { Module } from '@nestjs/common';
import { CLOCK, type Clock } from '../../platform/clock/clock.ts';
import { HUB_CONFIG, type HubConfig } from '../../platform/config/config.ts';
import { PG_POOL, type Pool } from '../../platform/database/pool.ts';
import { HUB_KEYS, type HubKeys } from '../../platform/keys/hub-keys.ts';
import { AGENT_KEY_STORE, type AgentKeyStore } from './application/agent-key.store.ts';
import { AgentTokens } from './application/agent-tokens.ts';
import { RECORD_CLUSTER_VERSIONS } from './application/cluster-facts.ts';
import { CLUSTER_STORE, type ClusterStore } from './application/cluster.store.ts';
import { EnrolCluster } from './application/enrol-cluster.ts';
import { ENROLMENT_STORE, type EnrolmentStore } from './application/enrolment.store.ts';
import { JOIN_TOKEN_STORE, type JoinTokenStore } from './application/join-token.store.ts';
import { ManageClusters } from './application/manage-clusters.ts';
import { ManageJoinTokens } from './application/manage-join-tokens.ts';
import { ClustersController } from './http/clusters.controller.ts';
import { EnrolmentController } from './http/enrolment.controller.ts';
import { JoinTokensController } from './http/join-tokens.controller.ts';
import { recordClusterVersions } from './persistence/cluster-facts.ts';
import { PgAgentKeyStore } from './persistence/pg-agent-key.store.ts';
import { PgClusterStore } from './persistence/pg-cluster.store.ts';
import { PgEnrolmentStore } from './persistence/pg-enrolment.store.ts';
import { PgJoinTokenStore } from './persistence/pg-join-token.store.ts';

@Module({
  controllers: [ClustersController, JoinTokensController, EnrolmentController],
  providers: [
    { provide: AGENT_KEY_STORE, inject: [PG_POOL], useFactory: (pool: Pool) => new PgAgentKeyStore(pool) },
    { provide: CLUSTER_STORE, inject: [PG_POOL], useFactory: (pool: Pool) => new PgClusterStore(pool) },
    { provide: ENROLMENT_STORE, inject: [PG_POOL], useFactory: (pool: Pool) => new PgEnrolmentStore(pool) },
    { provide: JOIN_TOKEN_STORE, inject: [PG_POOL], useFactory: (pool: Pool) => new PgJoinTokenStore(pool) },
    { provide: RECORD_CLUSTER_VERSIONS, useValue: recordClusterVersions },
    {
      provide: ManageClusters,
      inject: [CLUSTER_STORE, CLOCK, HUB_CONFIG],
      useFactory: (store: ClusterStore, clock: Clock, { heartbeatIntervalMs }: HubConfig) =>
        new ManageClusters({ store, clock, heartbeatIntervalMs }),
    },
    {
      provide: ManageJoinTokens,
      inject: [JOIN_TOKEN_STORE, CLOCK],
      useFactory: (store: JoinTokenStore, clock: Clock) => new ManageJoinTokens({ store, clock }),
    },
    {
      provide: EnrolCluster,
      inject: [ENROLMENT_STORE, CLOCK, HUB_CONFIG],
      useFactory: (store: EnrolmentStore, clock: Clock, config: HubConfig) =>
        new EnrolCluster({ store, clock, audience: config.publicUrl }),
    },
    {
      provide: AgentTokens,
      inject: [AGENT_KEY_STORE, CLOCK, HUB_CONFIG, HUB_KEYS],
      useFactory: (store: AgentKeyStore, clock: Clock, config: HubConfig, keys: HubKeys) =>
        new AgentTokens({ keys: store, clock, audience: config.publicUrl, signingKey: keys.signing.key }),
    },
  ],
  exports: [AGENT_KEY_STORE, AgentTokens, RECORD_CLUSTER_VERSIONS],
})
export class ClustersModule {}
