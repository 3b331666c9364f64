import type { QueueConsumer } from '../../../platform/queue/queue.ts';
import type { AdvanceGroup } from '../application/advance-group.ts';
import type { RolloutStore } from '../application/rollout.store.ts';

export const ROLLOUT_CONSUMERS = Symbol('RolloutConsumers');

/** Advances groups on reminders. The sweep at start arms the timers of everything that was going on when the hub stopped. */
export function advanceGroupConsumer(advanceGroup: AdvanceGroup, store: RolloutStore): QueueConsumer {
  return {
    queue: 'advance-group',
    concurrency: 8,
    handle: (key) => advanceGroup.advance(Number(key)),
    sweep: async () => (await store.listGroupsWithWork()).map(String),
    sweepIntervalMs: 10_000,
  };
}
