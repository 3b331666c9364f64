import { usePostgres } from '../../../../../../test/harness/postgres.ts';
import { PgRolloutStore } from '../persistence/pg-rollout.store.ts';
import { Killed, killingPool } from '../testing/killing-pool.ts';
import { TestFleet } from '../testing/test-fleet.ts';
import { AdvanceGroup } from './advance-group.ts';
import { HubTime } from './hub-time.ts';

const database = usePostgres();
const rings = { c1: 'canary', c2: 'rest' };

const stride = 3;

/** Kills the process at every third statement of one advance in turn, until an advance gets through. Gives how often it killed. */
async function advanceThroughKills(fleet: TestFleet, kill: { from: number; after: boolean }): Promise<number> {
  const { after } = kill;
  for (let statement = kill.from, kills = 0; ; statement += stride, kills += 1) {
    const { pool, count } = killingPool(database.pool, { statement, after });
    const store = new PgRolloutStore(pool);
    const time = new HubTime({ clock: { nowMs: () => fleet.now }, uptimeMs: () => fleet.uptime });
    const advance = new AdvanceGroup({ store, time, timers: { arm: () => {} }, heartbeatMs: fleet.heartbeatMs });
    try {
      await advance.advance(fleet.groupId);
      return kills;
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      expect(count()).toBeGreaterThanOrEqual(statement);
    }
  }
}

type Advance = (fleet: TestFleet) => Promise<unknown>;

/** Three releases, the second of which fails on the canary. Gives everything that must not depend on kills. */
async function live(advance: Advance): Promise<unknown> {
  const fleet = await TestFleet.with(database.pool, rings);
  const run = async (answers: Parameters<TestFleet['report']>[0] = {}) => {
    for (let step = 0; step < 6; step += 1) {
      await advance(fleet);
      await fleet.report(answers);
    }
    await advance(fleet);
  };
  await fleet.release(() => '1');
  await run();
  await fleet.release((app) => (app === 'orders' ? 'bad' : '2'));
  await run({ 'orders@c1': { health: 'failed' } });
  await fleet.release((app) => (app === 'orders' ? 'good' : '2'));
  await run();
  const { rows: ledger } = await database.pool.query<{ action: string; count: number }>(
    `select action, count(*) as count from ledger
     where subject in (select 'rollout:' || id from rollouts where group_id = $1) or subject = $2
     group by action order by action`,
    [fleet.groupId, `group:${fleet.group}`],
  );
  const { rows: versions } = await database.pool.query<{ version: number; events: number }>(
    `select version, (select count(*) from events e where e.rollout_id = r.id) as events
     from rollouts r where group_id = $1 order by id`,
    [fleet.groupId],
  );
  const rollouts = (await fleet.rollouts()).map(({ number, state }) => ({ number, state }));
  return { rollouts, assignments: await fleet.assignments(), hold: await fleet.hold(), ledger, versions };
}

describe('a hub that is killed between any two statements', () => {
  let undisturbed: unknown;
  beforeAll(async () => {
    undisturbed = await live((fleet) => fleet.advance.advance(fleet.groupId));
  }, 60_000);

  it('has a story to compare with', () => {
    expect(undisturbed).toMatchObject({
      rollouts: [
        { number: 1, state: 'succeeded' },
        { number: 2, state: 'rolledBack' },
        { number: 3, state: 'succeeded' },
      ],
      hold: null,
    });
  });

  it.each([
    ['before it ran', false],
    ['after it ran and before its answer came', true],
  ])(
    'ends with the same counters, versions, events and ledger when killed %s',
    async (_, after) => {
      let kills = 0;
      let advances = 0;
      const story = await live(async (fleet) => {
        advances += 1;
        // From another statement each time, so that over the story every kind of statement is hit.
        kills += await advanceThroughKills(fleet, { from: 1 + (advances % stride), after });
      });
      expect(story).toEqual(undisturbed);
      expect(kills).toBeGreaterThan(100);
    },
    120_000,
  );
});
