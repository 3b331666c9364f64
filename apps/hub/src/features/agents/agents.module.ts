import { Module } from '@nestjs/common';
import { CLOCK, type Clock } from '../../platform/clock/clock.ts';
import { HUB_CONFIG, type HubConfig } from '../../platform/config/config.ts';
import { PG_POOL, type Pool } from '../../platform/database/pool.ts';
import { REPLICA_PRESENCE, type ReplicaPresence } from '../../platform/database/replica-presence.ts';
import { HUB_KEYS, type HubKeys } from '../../platform/keys/hub-keys.ts';
import { SIGNALS, type Signals } from '../../platform/queue/queue.ts';
import { LOGGER, type Logger } from '../../platform/telemetry/logger.ts';
import { AGENT_KEY_STORE, type AgentKeyStore } from '../clusters/application/agent-key.store.ts';
import { AgentTokens } from '../clusters/application/agent-tokens.ts';
import { RECORD_CLUSTER_VERSIONS, type RecordClusterVersions } from '../clusters/application/cluster-facts.ts';
import { ClustersModule } from '../clusters/clusters.module.ts';
import { RECORD_DRIFT, type RecordDrift } from '../drift/application/record-drift.ts';
import { DriftModule } from '../drift/drift.module.ts';
import { ASSIGNMENT_READER, SNAPSHOT_READER, type AssignmentReader } from './application/assignment.reader.ts';
import { REPORT_STORE, type ReportStore } from './application/report.store.ts';
import { SESSION_STORE, type SessionStore } from './application/session.store.ts';
import type { SessionPorts } from './http/agent-session.ts';
import { AgentGateway } from './http/agent.gateway.ts';
import { SnapshotsController } from './http/snapshots.controller.ts';
import { PgAssignmentReader } from './persistence/pg-assignment.reader.ts';
import { PgReportStore } from './persistence/pg-report.store.ts';
import { PgSessionStore } from './persistence/pg-session.store.ts';
import { PgSnapshotReader } from './persistence/pg-snapshot.reader.ts';

const SESSION_PORTS = Symbol('SessionPorts');

@Module({
  imports: [ClustersModule, DriftModule],
  controllers: [SnapshotsController],
  providers: [
    { provide: ASSIGNMENT_READER, inject: [PG_POOL], useFactory: (pool: Pool) => new PgAssignmentReader(pool) },
    { provide: SNAPSHOT_READER, inject: [PG_POOL], useFactory: (pool: Pool) => new PgSnapshotReader(pool) },
    {
      provide: REPORT_STORE,
      inject: [PG_POOL, RECORD_DRIFT],
      useFactory: (pool: Pool, recordDrift: RecordDrift) => new PgReportStore({ pool, recordDrift }),
    },
    {
      provide: SESSION_STORE,
      inject: [PG_POOL, RECORD_CLUSTER_VERSIONS],
      useFactory: (pool: Pool, recordVersions: RecordClusterVersions) => new PgSessionStore({ pool, recordVersions }),
    },
    {
      provide: SESSION_PORTS,
      inject: [SESSION_STORE, REPORT_STORE, ASSIGNMENT_READER, CLOCK, LOGGER, REPLICA_PRESENCE, HUB_CONFIG, HUB_KEYS],
      useFactory: (
        sessions: SessionStore,
        reports: ReportStore,
        assignments: AssignmentReader,
        clock: Clock,
        logger: Logger,
        presence: ReplicaPresence,
        { heartbeatIntervalMs }: HubConfig,
        keys: HubKeys,
      ): SessionPorts => ({
        sessions,
        reports,
        assignments,
        clock,
        logger,
        replica: presence.id,
        heartbeatIntervalMs,
        sealingKeys: keys.all.map(({ keyId, key }) => ({ keyId, key: key.toString('base64') })),
      }),
    },
    {
      provide: AgentGateway,
      inject: [AgentTokens, AGENT_KEY_STORE, SIGNALS, REPLICA_PRESENCE, SESSION_PORTS],
      useFactory: (
        tokens: AgentTokens,
        keys: AgentKeyStore,
        signals: Signals,
        presence: ReplicaPresence,
        ports: SessionPorts,
      ) => new AgentGateway({ tokens, keys, signals, presence, ports }),
    },
  ],
})
export class AgentsModule {}
