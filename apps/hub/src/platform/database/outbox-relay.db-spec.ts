import { eventually } from '@fairlead/shared/test-kit';
import { usePostgres } from '../../../../../test/harness/postgres.ts';
import { OutboxRelay } from './outbox-relay.ts';
import { remind, signal } from './outbox.ts';
import { inTransaction } from './pool.ts';

const database = usePostgres();
const relays: OutboxRelay[] = [];

function openRelay(options: { pollMs?: number; fails?: () => boolean } = {}) {
  const performed: string[] = [];
  const perform = (effect: string) => {
    if (options.fails?.()) throw new Error('the queue is away');
    performed.push(effect);
  };
  const relay = new OutboxRelay({
    pool: database.pool,
    perform: {
      remind: async (queue, keys) => keys.forEach((key) => perform(`${queue} ${key}`)),
      signal: async (topic, key) => perform(`${topic} ${key}`),
    },
    onError: () => {},
    pollMs: options.pollMs ?? 60_000,
  });
  relays.push(relay);
  return { relay, performed };
}

afterEach(async () => {
  for (const relay of relays.splice(0)) await relay.stop();
});

async function left(): Promise<number> {
  return (await database.pool.query('select from outbox')).rowCount ?? 0;
}

describe('the outbox', () => {
  it('performs effects right after the commit, each once however often it was asked for', async () => {
    const { relay, performed } = openRelay();
    relay.start();
    await inTransaction(database.pool, async (tx) => {
      for (let time = 0; time < 3; time += 1) await remind(tx, 'advance-group', 7);
      await signal(tx, 'assignments', 1);
      expect(performed).toEqual([]);
    });
    await eventually(() => expect(performed.sort()).toEqual(['advance-group 7', 'assignments 1']));
    await eventually(async () => expect(await left()).toBe(0));
  });

  it('performs nothing of a transaction that was rolled back', async () => {
    const { relay, performed } = openRelay();
    relay.start();
    const undone = inTransaction(database.pool, async (tx) => {
      await remind(tx, 'advance-group', 8);
      throw new Error('changed my mind');
    });
    await expect(undone).rejects.toThrow('changed my mind');
    await inTransaction(database.pool, (tx) => remind(tx, 'advance-group', 9));
    await eventually(() => expect(performed).toEqual(['advance-group 9']));
  });

  it('keeps an effect until it could be performed', async () => {
    let isAway = true;
    const { relay, performed } = openRelay({ pollMs: 20, fails: () => isAway });
    relay.start();
    await inTransaction(database.pool, (tx) => remind(tx, 'read-commit', 1));
    expect(await left()).toBe(1);
    isAway = false;
    await eventually(() => expect(performed).toEqual(['read-commit 1']));
  });

  it('finds what a killed process left behind', async () => {
    await inTransaction(database.pool, (tx) => remind(tx, 'read-commit', 2));
    const { relay, performed } = openRelay();
    relay.start();
    await eventually(() => expect(performed).toEqual(['read-commit 2']));
  });

  it('shares the work among processes without doing it twice', async () => {
    const [one, two] = [openRelay(), openRelay()];
    one.relay.start();
    two.relay.start();
    await Promise.all(
      Array.from({ length: 40 }, (_, key) => inTransaction(database.pool, (tx) => remind(tx, 'advance-group', key))),
    );
    await eventually(async () => expect(await left()).toBe(0));
    expect([...one.performed, ...two.performed].sort()).toEqual(
      Array.from({ length: 40 }, (_, key) => `advance-group ${key}`).sort(),
    );
  });
});
