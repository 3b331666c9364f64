import type { SourceId } from '@fairlead/shared/kernel';
import type { QueueConsumer } from '../../../platform/queue/queue.ts';
import type { FetchSource } from '../application/fetch-source.ts';
import type { SourceStore } from '../application/source.store.ts';

export const SOURCE_CONSUMERS = Symbol('SourceConsumers');

/** Fetches on reminders (webhook, sync, new source); the sweep is the poll schedule. */
export function fetchSourceConsumer(fetchSource: FetchSource, store: SourceStore): QueueConsumer {
  return {
    queue: 'fetch-source',
    concurrency: 4,
    handle: (key) => fetchSource.fetch(Number(key) as SourceId),
    sweep: async () => (await store.listDue()).map(String),
    sweepIntervalMs: 1000,
  };
}
