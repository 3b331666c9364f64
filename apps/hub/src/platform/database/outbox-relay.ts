import { z } from 'zod';
import { outboxBell, type QueueName } from './outbox.ts';
import { inTransaction, type Pool } from './pool.ts';

const Effect = z.discriminatedUnion('effect', [
  z.object({ effect: z.literal('reminder'), payload: z.object({ queue: z.string(), key: z.string() }) }),
  z.object({ effect: z.literal('signal'), payload: z.object({ topic: z.string(), key: z.string() }) }),
]);

interface Performers {
  remind(queue: QueueName, keys: string[]): Promise<void>;
  signal(topic: string, key: string): Promise<void>;
}

const batchSize = 500;

/**
 * Performs what committed transactions want. Runs right after a commit in this process; the slow poll finds what a
 * killed process left behind. An effect is removed only after it was performed, so it may happen twice, never not at all.
 */
export class OutboxRelay {
  readonly #pool: Pool;
  readonly #perform: Performers;
  readonly #onError: (error: unknown) => void;
  readonly #pollMs: number;
  #poll: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #again = false;
  #stopped = true;

  constructor(options: { pool: Pool; perform: Performers; onError: (error: unknown) => void; pollMs?: number }) {
    this.#pool = options.pool;
    this.#perform = options.perform;
    this.#onError = options.onError;
    this.#pollMs = options.pollMs ?? 2000;
  }

  readonly ring = (): void => {
    this.#again = true;
    if (this.#stopped || this.#running) return;
    this.#running = this.#drain().finally(() => {
      this.#running = undefined;
      if (this.#again && !this.#stopped) this.ring();
    });
  };

  start(): void {
    this.#stopped = false;
    outboxBell.on('written', this.ring);
    this.#poll = setInterval(this.ring, this.#pollMs);
    this.ring();
  }

  /** Performs what has been written so far, then stops. */
  async stop(): Promise<void> {
    outboxBell.off('written', this.ring);
    clearInterval(this.#poll);
    await this.#running;
    this.#stopped = true;
  }

  async #drain(): Promise<void> {
    try {
      do {
        this.#again = false;
        while ((await this.#batch()) === batchSize);
      } while (this.#again);
    } catch (error) {
      // The poll tries again; what is in the table is not lost.
      this.#again = false;
      this.#onError(error);
    }
  }

  async #batch(): Promise<number> {
    return inTransaction(this.#pool, async (tx) => {
      const { rows } = await tx.query(
        `delete from outbox where id in (select id from outbox order by id limit $1 for update skip locked)
         returning effect, payload`,
        [batchSize],
      );
      const reminders = new Map<string, Set<string>>();
      const signals = new Map<string, { topic: string; key: string }>();
      for (const row of rows) {
        const { effect, payload } = Effect.parse(row);
        if (effect === 'signal') signals.set(`${payload.topic} ${payload.key}`, payload);
        else reminders.set(payload.queue, (reminders.get(payload.queue) ?? new Set()).add(payload.key));
      }
      await Promise.all([
        ...[...signals.values()].map(({ topic, key }) => this.#perform.signal(topic, key)),
        ...[...reminders].map(([queue, keys]) => this.#perform.remind(queueName(queue), [...keys])),
      ]);
      return rows.length;
    });
  }
}

const queueNames: Record<QueueName, true> = {
  'fetch-source': true,
  'read-commit': true,
  'advance-group': true,
  'seal-ledger': true,
};

function queueName(text: string): QueueName {
  const known = (Object.keys(queueNames) as QueueName[]).find((name) => name === text);
  if (!known) throw new Error(`unknown queue in the outbox: ${text}`);
  return known;
}
