import { createPostgresBackend, runMigrations, withBackend, type PostgresConnectionOptions } from 'bullmq';
import pg from 'pg';

/** A reminder or a sweep, as BullMQ carries it. */
export interface QueueJob {
  name: string;
  data: { key?: string };
}

export interface JobToAdd {
  name: string;
  data: { key: string };
  opts: {
    deduplication: { id: string; keepLastIfActive: boolean };
    attempts: number;
    backoff: { type: 'exponential'; delay: number };
    removeOnComplete: boolean;
    removeOnFail: { count: number };
  };
}

export interface OpenQueue {
  addBulk(jobs: JobToAdd[]): Promise<unknown>;
  upsertJobScheduler(
    id: string,
    repeat: { every: number },
    template: { name: string; data: object; opts: { removeOnComplete: boolean; removeOnFail: { count: number } } },
  ): Promise<unknown>;
  close(): Promise<void>;
}

export interface OpenWorker {
  /** With `force` it doesn't wait for jobs that have begun. */
  close(force?: boolean): Promise<void>;
}

export interface WorkerSettings {
  concurrency: number;
  lockDuration: number;
  stalledInterval: number;
  maxStalledCount: number;
  runRetryDelay: number;
}

/** The little of BullMQ that differs between its PostgreSQL and its Redis backend. */
export interface QueueBackend {
  /** Connects, and brings the queue's own tables up to date where it has tables. */
  start(): Promise<void>;
  openQueue(name: string): OpenQueue;
  openWorker(name: string, work: (job: QueueJob) => Promise<void>, settings: WorkerSettings): OpenWorker;
  ping(): Promise<void>;
  close(): Promise<void>;
}

const schema = 'bullmq';
type BullPool = Extract<PostgresConnectionOptions, { connect: unknown; end: unknown }>;
const onPostgres = withBackend(createPostgresBackend);

/**
 * BullMQ on PostgreSQL. We make the pool: as an ES module BullMQ cannot load the driver by itself. Each worker keeps one
 * connection of it for LISTEN, which is what wakes it within milliseconds.
 */
export function postgresBackend(options: {
  connectionString: string;
  maxConnections: number;
  onError: (error: Error) => void;
}): QueueBackend {
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    options: `-c search_path=${schema}`,
    max: options.maxConnections,
    keepAlive: true,
    application_name: 'fairlead queue',
  });
  pool.on('error', options.onError);
  pool.on('connect', (client) => client.on('error', options.onError));
  // It is what BullMQ asks for; only the two type packages spell the overloads of `on` differently.
  const connection = pool as BullPool;
  return {
    start: async () => {
      const client = await pool.connect();
      try {
        await runMigrations(client, schema);
      } finally {
        client.release();
      }
    },
    openQueue: (name) => {
      const queue = new onPostgres.Queue(name, { connection });
      return queue.on('error', options.onError);
    },
    openWorker: (name, work, settings) => {
      const worker = new onPostgres.Worker<QueueJob['data'], void>(name, work, { ...settings, connection });
      return worker.on('error', options.onError);
    },
    ping: async () => {
      await pool.query('select 1');
    },
    close: () => pool.end(),
  };
}
