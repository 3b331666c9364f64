import { randomUUID } from 'node:crypto';
import { CodedError } from '@fairlead/shared/kernel';
import { eventually } from '@fairlead/shared/test-kit';
import { usePostgres } from '../../../../../test/harness/postgres.ts';
import { describeWithRedis, openRedisServer } from '../../../../../test/harness/redis.ts';
import { createLogger } from '../telemetry/logger.ts';
import { postgresBackend, type QueueBackend } from './backend.ts';
import { KeyLocks } from './key-locks.ts';
import type { QueueConsumer } from './queue.ts';
import { redisBackend } from './redis-backend.ts';
import { ReminderQueues } from './reminder-queues.ts';

const database = usePostgres();
const onError = () => {};

type OpenBackend = () => Promise<QueueBackend> | QueueBackend;

function behavesLikeReminderQueues(openBackend: OpenBackend): void {
  const opened: ReminderQueues[] = [];

  async function openQueues(): Promise<ReminderQueues> {
    const locks = new KeyLocks({ connectionString: database.url, onError });
    const queues = new ReminderQueues({ backend: await openBackend(), locks, logger: createLogger('silent') });
    opened.push(queues);
    await queues.start();
    return queues;
  }

  afterEach(async () => {
    for (const queues of opened.splice(0)) {
      await queues.stopWorking(5000);
      await queues.close();
    }
  });

  const consumer = (overrides: Partial<QueueConsumer>): QueueConsumer => ({
    queue: 'advance-group',
    concurrency: 4,
    handle: async () => {},
    sweep: async () => [],
    sweepIntervalMs: 600_000,
    ...overrides,
  });

  it('wakes an idle worker within tens of milliseconds', async () => {
    const queues = await openQueues();
    const handledAt = new Map<string, number>();
    await queues.work([consumer({ handle: async (key) => void handledAt.set(key, performance.now()) })]);
    const latencies: number[] = [];
    for (let turn = 0; turn < 15; turn += 1) {
      const startedAt = performance.now();
      await queues.remind('advance-group', [`k${turn}`]);
      const at = await eventually(() => {
        const at = handledAt.get(`k${turn}`);
        if (at === undefined) throw new Error('not handled');
        return at;
      });
      latencies.push(at - startedAt);
    }
    latencies.sort((a, b) => a - b);
    if (process.env['SHOW_LATENCY']) process.stdout.write(`${latencies.map((ms) => ms.toFixed(1)).join(' ')}\n`);
    expect(latencies[Math.floor(latencies.length / 2)]).toBeLessThan(100);
  });

  it('merges reminders that wait and keeps one that comes while its key is handled', async () => {
    const queues = await openQueues();
    let handled = 0;
    let letGo = (): void => {};
    const gate = new Promise<void>((open) => (letGo = open));
    await queues.work([
      consumer({
        handle: async () => {
          handled += 1;
          if (handled === 1) await gate;
        },
      }),
    ]);
    await queues.remind('advance-group', ['g']);
    await eventually(() => expect(handled).toBe(1));
    for (let more = 0; more < 5; more += 1) await queues.remind('advance-group', ['g']);
    letGo();
    await eventually(() => expect(handled).toBe(2));
    await queues.remind('advance-group', ['other']);
    await eventually(() => expect(handled).toBe(3));
  });

  it('never handles one key twice at the same time, in one process or in two', async () => {
    const [first, second] = [await openQueues(), await openQueues()];
    let active = 0;
    let most = 0;
    let handled = 0;
    const handle = async () => {
      active += 1;
      most = Math.max(most, active);
      await database.pool.query('select pg_sleep(0.005)');
      active -= 1;
      handled += 1;
    };
    await first.work([consumer({ handle })]);
    await second.work([consumer({ handle })]);
    for (let turn = 0; turn < 10; turn += 1) {
      await Promise.all([first.remind('advance-group', ['g']), second.remind('advance-group', ['g'])]);
    }
    await eventually(() => {
      expect(active).toBe(0);
      expect(handled).toBeGreaterThan(2);
    });
    expect(most).toBe(1);
  });

  it('tries again after an unknown error, and not after one that repetition cannot help', async () => {
    const queues = await openQueues();
    const attempts = { unknown: 0, invalid: 0 };
    await queues.work([
      consumer({
        handle: async (key) => {
          if (key === 'invalid') {
            attempts.invalid += 1;
            throw new CodedError({ code: 'test.invalid', kind: 'invalid' }, 'no use');
          }
          attempts.unknown += 1;
          if (attempts.unknown < 3) throw new Error('passing trouble');
        },
      }),
    ]);
    await queues.remind('advance-group', ['invalid', 'unknown']);
    await eventually(() => expect(attempts.unknown).toBe(3));
    expect(attempts.invalid).toBe(1);
  });

  it('finds work from the tables at start and by sweeping', async () => {
    const queues = await openQueues();
    const handled = new Set<string>();
    let found = ['at-start'];
    await queues.work([
      consumer({
        handle: async (key) => void handled.add(key),
        sweep: async () => found,
        sweepIntervalMs: 300,
      }),
    ]);
    await eventually(() => expect([...handled]).toEqual(['at-start']));
    found = ['later'];
    await eventually(() => expect([...handled]).toEqual(['at-start', 'later']));
  });

  it('does not wait for what a killed process had in its hands', async () => {
    const killed = await openQueues();
    let held = 0;
    let letGo = (): void => {};
    const hands = new Promise<void>((open) => (letGo = open));
    await killed.work([
      consumer({
        handle: async () => {
          held += 1;
          if (held === 1) await hands;
        },
      }),
    ]);
    await killed.remind('advance-group', ['g']);
    await eventually(() => expect(held).toBe(1));
    await killed.stopWorking(0);
    await database.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'fairlead locks'`,
    );
    const restarted = await openQueues();
    let handled = 0;
    await restarted.work([consumer({ handle: async () => void (handled += 1), sweep: async () => ['g'] })]);
    await eventually(() => expect(handled).toBe(1), { timeoutMs: 2000 });
    await restarted.remind('advance-group', ['g']);
    await eventually(() => expect(handled).toBe(2), { timeoutMs: 2000 });
    letGo();
  });

  it('goes on soon after every connection to the database was lost in the middle of its work', async () => {
    const queues = await openQueues();
    let started = 0;
    let finished = 0;
    const handle = async () => {
      started += 1;
      await database.pool.query('select pg_sleep(0.3)');
      finished += 1;
    };
    await queues.work([consumer({ handle, sweep: async () => (started === 0 ? [] : ['g']) })]);
    await queues.remind('advance-group', ['g']);
    await eventually(() => expect(started).toBe(1));
    await database.pool
      .query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid()`,
      )
      .catch(() => {});
    await eventually(() => expect(finished).toBeGreaterThan(0), { timeoutMs: 4000 });
  });

  it('refuses two consumers of one queue', async () => {
    const queues = await openQueues();
    await expect(queues.work([consumer({}), consumer({})])).rejects.toThrow('two consumers');
  });
}

describe('reminder queues on PostgreSQL', () => {
  beforeEach(async () => {
    await database.pool.query('drop schema if exists bullmq cascade');
  });
  behavesLikeReminderQueues(() => postgresBackend({ connectionString: database.url, maxConnections: 8, onError }));
});

describeWithRedis('reminder queues on Redis', () => {
  let server: Awaited<ReturnType<typeof openRedisServer>>;
  let prefix = '';
  beforeAll(async () => {
    server = await openRedisServer();
  });
  beforeEach(() => {
    prefix = `test-${randomUUID()}`;
  });
  afterAll(() => server.stop());
  behavesLikeReminderQueues(() => redisBackend({ url: server.url, prefix, onError }));
});
