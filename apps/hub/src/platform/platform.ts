import { systemClock, type Clock } from './clock/clock.ts';
import type { HubConfig } from './config/config.ts';
import { OutboxRelay } from './database/outbox-relay.ts';
import { createPool, type Pool } from './database/pool.ts';
import { ReplicaPresence } from './database/replica-presence.ts';
import { loadHubKeys, type HubKeys } from './keys/hub-keys.ts';
import { postgresBackend } from './queue/backend.ts';
import { KeyLocks } from './queue/key-locks.ts';
import { redisBackend } from './queue/redis-backend.ts';
import { ReminderQueues } from './queue/reminder-queues.ts';
import { PostgresTransport } from './signals/postgres-transport.ts';
import { RedisTransport } from './signals/redis-transport.ts';
import { SignalBus } from './signals/signal-bus.ts';
import { createLogger, type Logger } from './telemetry/logger.ts';

/** What every feature stands on, made once per process. */
export interface Platform {
  readonly config: HubConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly keys: HubKeys;
  readonly pool: Pool;
  readonly signals: SignalBus;
  readonly queues: ReminderQueues;
  readonly relay: OutboxRelay;
  readonly presence: ReplicaPresence;
  /** Connects. Nothing before it needs a database. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const queueConnections = 12;

/** Puts the platform together without connecting to anything. */
export function createPlatform(config: HubConfig, options: { databaseUrl: string; clock?: Clock }): Platform {
  const { databaseUrl, clock = systemClock } = options;
  const logger = createLogger(config.log.level);
  const keys = loadHubKeys({ dataDir: config.dataDir, ...config.keys });
  let isStopping = false;
  const onError = (part: string) => (error: Error) => {
    if (!isStopping) logger.warn({ part, err: error }, 'a connection broke');
  };
  const onQueueError = (error: Error) => {
    onError('queue')(error);
    if (!isStopping) queues.recover();
  };
  const pool = createPool({
    connectionString: databaseUrl,
    max: config.database.poolSize,
    onConnectionError: onError('database'),
  });
  const redis = config.redis && { url: config.redis.url.reveal(), prefix: config.redis.prefix };
  const signals = new SignalBus(
    redis
      ? new RedisTransport({ ...redis, onError: onError('signals') })
      : new PostgresTransport({ pool, connectionString: databaseUrl, onError: onError('signals') }),
  );
  const queues: ReminderQueues = new ReminderQueues({
    backend: redis
      ? redisBackend({ ...redis, onError: onQueueError })
      : postgresBackend({
          connectionString: databaseUrl,
          maxConnections: queueConnections,
          onError: onQueueError,
        }),
    locks: new KeyLocks({ connectionString: databaseUrl, onError: onError('locks') }),
    logger,
  });
  const presence = new ReplicaPresence({ connectionString: databaseUrl, onError: onError('presence') });
  const relay = new OutboxRelay({
    pool,
    perform: {
      remind: (queue, reminders) => queues.remind(queue, reminders),
      signal: (topic, key) => signals.publish(topic, key),
    },
    onError: (error) => logger.warn({ err: error }, 'the outbox could not be emptied'),
  });
  return {
    config,
    clock,
    logger,
    keys,
    pool,
    signals,
    queues,
    relay,
    presence,
    start: async () => {
      await presence.start();
      await queues.start();
      await signals.start();
      relay.start();
    },
    stop: async () => {
      isStopping = true;
      await relay.stop();
      await signals.close();
      await queues.close();
      await presence.close();
      await pool.end();
    },
  };
}
