import type { SourceId } from '@fairlead/shared/kernel';
import type { QueueConsumer } from '../../../platform/queue/queue.ts';
import type { ReadCommit } from '../application/read-commit.ts';

export const RELEASE_CONSUMERS = Symbol('ReleaseConsumers');

/** Reads heads on reminders; the sweep finds heads whose reading did not come to its end. */
export function readCommitConsumer(readCommit: ReadCommit): QueueConsumer {
  return {
    queue: 'read-commit',
    concurrency: 2,
    handle: (key) => readCommit.read(Number(key) as SourceId),
    sweep: async () => (await readCommit.listUnread()).map(String),
    sweepIntervalMs: 30_000,
  };
}
