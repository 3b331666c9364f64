import { usePostgres } from '../../../../../test/harness/postgres.ts';
import { assertSchemaIsCurrent, migrate, pendingMigrations } from './migrate.ts';

const database = usePostgres();

describe('migrations', () => {
  it('leave nothing pending', async () => {
    expect(await pendingMigrations(database.pool)).toEqual([]);
    await assertSchemaIsCurrent(database.pool);
  });

  it('are a no-op the second time, also from several processes at once', async () => {
    const runs = await Promise.all([migrate(database.url), migrate(database.url), migrate(database.url)]);
    expect(runs).toEqual([[], [], []]);
  });

  it('make an older schema visible as such', async () => {
    await database.pool.query(`delete from schema_migrations where name = '0001_initial'`);
    await expect(assertSchemaIsCurrent(database.pool)).rejects.toMatchObject({ code: 'database.schema-outdated' });
  });

  it('protect the ledger from changes', async () => {
    await database.pool.query(
      `insert into ledger (actor, action, subject, outcome) values ('hub', 'test.run', 'test:1', 'done')`,
    );
    await expect(database.pool.query(`update ledger set actor = 'x'`)).rejects.toThrow('append-only');
    await expect(database.pool.query(`delete from ledger`)).rejects.toThrow('append-only');
  });
});
