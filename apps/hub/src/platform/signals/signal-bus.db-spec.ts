import { randomUUID } from 'node:crypto';
import { eventually } from '@fairlead/shared/test-kit';
import { usePostgres } from '../../../../../test/harness/postgres.ts';
import { describeWithRedis, useRedis } from '../../../../../test/harness/redis.ts';
import { PostgresTransport } from './postgres-transport.ts';
import { RedisTransport } from './redis-transport.ts';
import { SignalBus, type SignalTransport } from './signal-bus.ts';

const database = usePostgres();
const onError = () => {};
const opened: SignalBus[] = [];

afterEach(async () => {
  for (const bus of opened.splice(0)) await bus.close();
});

function carriesSignals(openTransport: () => SignalTransport): void {
  async function open(): Promise<{ bus: SignalBus; heard: string[] }> {
    const bus = new SignalBus(openTransport());
    opened.push(bus);
    await bus.start();
    const heard: string[] = [];
    bus.listen('assignments', (key) => heard.push(key));
    return { bus, heard };
  }

  it('is heard here at once and by the others soon, once each', async () => {
    const [here, there] = [await open(), await open()];
    const published = here.bus.publish('assignments', '7');
    expect(here.heard).toEqual(['7']);
    await published;
    await here.bus.publish('assignments', '8');
    await eventually(() => expect(there.heard).toEqual(['7', '8']));
    expect(here.heard).toEqual(['7', '8']);
  });

  it('is heard only by those who listen to its topic, until they stop', async () => {
    const { bus, heard } = await open();
    const more: string[] = [];
    const stop = bus.listen('drift-events', (key) => more.push(key));
    await bus.publish('drift-events', '1');
    stop();
    await bus.publish('drift-events', '2');
    expect({ heard, more }).toEqual({ heard: [], more: ['1'] });
  });
}

describe('a signal over PostgreSQL', () => {
  const transport = () => new PostgresTransport({ pool: database.pool, connectionString: database.url, onError });
  carriesSignals(transport);

  it('is heard again after the listening connection broke', async () => {
    const bus = new SignalBus(transport());
    opened.push(bus);
    await bus.start();
    const other = new SignalBus(transport());
    const heard: string[] = [];
    bus.listen('assignments', (key) => heard.push(key));
    await database.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'fairlead signals' and datname = current_database()`,
    );
    await eventually(async () => {
      await other.publish('assignments', '9');
      expect(heard).toContain('9');
    });
  });
});

describeWithRedis('a signal over Redis', () => {
  const redis = useRedis();
  const prefix = `test-${randomUUID()}`;
  carriesSignals(() => new RedisTransport({ url: redis().url, prefix, onError }));
});
