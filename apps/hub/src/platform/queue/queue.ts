import type { QueueName } from '../database/outbox.ts';

/**
 * Handles reminders of one queue. `handle` is called at least once for every reminder, never twice at the same time for
 * the same key, and must act on what the tables say: a reminder may be late, doubled or about nothing.
 */
export interface QueueConsumer {
  queue: QueueName;
  /** Keys handled at the same time. */
  concurrency: number;
  handle(key: string): Promise<void>;
  /** Keys that have work right now, from the tables: run at start and every `sweepIntervalMs`, so that a lost reminder costs only time. */
  sweep(): Promise<string[]>;
  sweepIntervalMs: number;
}

/** All consumers of this process (an array). Each feature provides its own under a token of its own; the work module collects them here. */
export const QUEUE_CONSUMERS = Symbol('QueueConsumers');

/** Hears signals of all replicas, this one included. Returns the function that stops it. */
export interface Signals {
  listen(topic: string, hear: (key: string) => void): () => void;
}

export const SIGNALS = Symbol('Signals');
