import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { UnrecoverableError } from 'bullmq';
import { AppError } from '@fairlead/shared/kernel';
import type { QueueName } from '../database/outbox.ts';
import { isDatabaseOutage } from '../database/outage.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { JobToAdd, OpenQueue, OpenWorker, QueueBackend, QueueJob } from './backend.ts';
import type { KeyLocks } from './key-locks.ts';
import type { QueueConsumer } from './queue.ts';

const sweepJob = 'sweep';
const recoveryMs = 300;

/**
 * The queues of reminders. What there is to do is in the tables; a reminder only says that somebody should look now.
 * Reminders of one key are merged while they wait, and one that comes while the key is being handled is kept for
 * afterwards. A job that fails for good is dropped: the next sweep finds its work again.
 */
export class ReminderQueues {
  readonly #backend: QueueBackend;
  readonly #locks: KeyLocks;
  readonly #logger: Logger;
  readonly #queues = new Map<QueueName, OpenQueue>();
  #workers: OpenWorker[] = [];
  // Merging is per process start: a job that a killed process left active must not swallow reminders until it counts as stalled.
  #mergeScope = newScope();
  #consumers: QueueConsumer[] = [];
  #recovery: Promise<void> | undefined;

  constructor(options: { backend: QueueBackend; locks: KeyLocks; logger: Logger }) {
    this.#backend = options.backend;
    this.#locks = options.locks;
    this.#logger = options.logger;
  }

  async start(): Promise<void> {
    await this.#backend.start();
  }

  async remind(queue: QueueName, keys: string[]): Promise<void> {
    if (keys.length > 0) await this.#queue(queue).addBulk(keys.map((key) => this.#reminder(key)));
  }

  /** Starts the consumers. Work that the tables know of is found at once, without waiting for what a killed process held. */
  async work(consumers: QueueConsumer[]): Promise<void> {
    assertOneConsumerEach(consumers);
    this.#consumers = consumers;
    for (const consumer of consumers) {
      const settings = {
        // Sweeps share the slots; one more, so that a slow sweep never stops a queue of one.
        concurrency: consumer.concurrency + 1,
        lockDuration: 10_000,
        stalledInterval: 5_000,
        maxStalledCount: 1000,
        runRetryDelay: 1000,
      };
      this.#workers.push(this.#backend.openWorker(consumer.queue, (job) => this.#process(consumer, job), settings));
      await this.#queue(consumer.queue).upsertJobScheduler(
        sweepJob,
        { every: consumer.sweepIntervalMs },
        { name: sweepJob, data: {}, opts: { removeOnComplete: true, removeOnFail: { count: 10 } } },
      );
      await this.remind(consumer.queue, await consumer.sweep());
    }
  }

  /**
   * Call when the database or the queue was away. What was in hand then may stay "active" until its lock expires; it must
   * not swallow reminders so long. As soon as both answer again, all work that the tables know of is reminded of anew.
   */
  recover(): void {
    if (this.#consumers.length === 0) return;
    this.#mergeScope = newScope();
    this.#recovery ??= this.#comeBack().finally(() => (this.#recovery = undefined));
  }

  async ping(): Promise<void> {
    await this.#backend.ping();
  }

  /** Waits for jobs that have begun, up to `patienceMs`; what is cut off then is found again by the next start. */
  async stopWorking(patienceMs: number): Promise<void> {
    const workers = this.#workers;
    this.#workers = [];
    this.#consumers = [];
    const graceful = Promise.all(workers.map((worker) => worker.close()));
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((over) => (timer = setTimeout(over, patienceMs)));
    await Promise.race([graceful, patience]);
    clearTimeout(timer);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.close()));
    await this.#backend.close();
    await this.#locks.close();
  }

  async #comeBack(): Promise<void> {
    while (this.#consumers.length > 0) {
      try {
        await this.#backend.ping();
        for (const consumer of this.#consumers) await this.remind(consumer.queue, await consumer.sweep());
        return;
      } catch {
        // Still away; whoever notices says so, there is nothing to add here.
        await pause(recoveryMs);
      }
    }
  }

  #queue(name: QueueName): OpenQueue {
    const open = this.#queues.get(name) ?? this.#backend.openQueue(name);
    this.#queues.set(name, open);
    return open;
  }

  #reminder(key: string): JobToAdd {
    return {
      name: 'reminder',
      data: { key },
      opts: {
        deduplication: { id: `${this.#mergeScope}/${key}`, keepLastIfActive: true },
        attempts: 5,
        backoff: { type: 'exponential', delay: 200 },
        removeOnComplete: true,
        removeOnFail: { count: 100 },
      },
    };
  }

  async #process(consumer: QueueConsumer, job: QueueJob): Promise<void> {
    const { queue } = consumer;
    if (job.name === sweepJob) return this.remind(queue, await consumer.sweep());
    const key = job.data.key;
    if (key === undefined) throw new UnrecoverableError('a reminder without key');
    try {
      await this.#locks.withKey(`${queue} ${key}`, () => consumer.handle(key));
    } catch (error) {
      if (isDatabaseOutage(error)) this.recover();
      const isExpected = error instanceof AppError && error.kind !== 'bug';
      this.#logger[isExpected || isDatabaseOutage(error) ? 'warn' : 'error'](
        { queue, key, err: error },
        'handling a reminder failed',
      );
      if (isExpected && error.kind !== 'unavailable' && error.kind !== 'conflict') {
        throw new UnrecoverableError(error.message);
      }
      throw error;
    }
  }
}

function newScope(): string {
  return randomUUID().slice(0, 8);
}

function assertOneConsumerEach(consumers: QueueConsumer[]): void {
  const names = consumers.map((consumer) => consumer.queue);
  const twice = names.find((name, position) => names.indexOf(name) !== position);
  if (twice) throw new Error(`queue ${twice} has two consumers`);
}
