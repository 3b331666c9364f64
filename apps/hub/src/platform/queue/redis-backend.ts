import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { QueueBackend, QueueJob } from './backend.ts';

/** BullMQ on Redis, what its maintainers run most. */
export function redisBackend(options: { url: string; prefix: string; onError: (error: Error) => void }): QueueBackend {
  const open: Redis[] = [];
  const connect = () => {
    // BullMQ's workers wait without limit for the next job; a request limit would turn that into errors.
    const connection = new Redis(options.url, { maxRetriesPerRequest: null });
    connection.on('error', options.onError);
    open.push(connection);
    return connection;
  };
  let shared: Redis | undefined;
  const sharedConnection = () => (shared ??= connect());
  const prefix = `${options.prefix}:queue`;
  return {
    start: async () => {
      await sharedConnection().ping();
    },
    openQueue: (name) => {
      const queue = new Queue(name, { connection: sharedConnection(), prefix });
      return queue.on('error', options.onError);
    },
    openWorker: (name, work, settings) => {
      const worker = new Worker<QueueJob['data'], void>(name, work, { ...settings, connection: connect(), prefix });
      return worker.on('error', options.onError);
    },
    ping: async () => {
      await sharedConnection().ping();
    },
    close: async () => {
      for (const connection of open) connection.disconnect();
    },
  };
}
