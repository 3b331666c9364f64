import { usePostgres } from '../../../../../../test/harness/postgres.ts';
import { appendLedger, type LedgerRow } from '../../../platform/database/ledger-rows.ts';
import { inTransaction } from '../../../platform/database/pool.ts';
import { listLedger } from '../application/list-ledger.ts';
import { SealLedger } from '../application/seal-ledger.ts';
import { verifyLedger } from '../application/verify-ledger.ts';
import { listQuery, PgLedgerStore } from './pg-ledger.store.ts';

const database = usePostgres();
const clock = { nowMs: () => Date.UTC(2026, 10, 23) };
const store = () => new PgLedgerStore(database.pool);
const aSealer = () => new SealLedger({ store: store(), clock });

function anEntry(overrides: Partial<LedgerRow> = {}): LedgerRow {
  return { actor: 'ada', action: 'rollout.start', subject: 'rollout:1', outcome: 'done', ...overrides };
}

const append = (overrides: Partial<LedgerRow> = {}) =>
  inTransaction(database.pool, (tx) => appendLedger(tx, anEntry(overrides)));

const seals = async () =>
  (await database.pool.query<{ seq: number; entry_id: number }>(`select seq, entry_id from ledger_seals order by seq`))
    .rows;

/** What an intruder with the owner's rights would do. */
async function tamper(statement: string): Promise<void> {
  await database.pool.query(
    `alter table ledger disable trigger all; alter table ledger_seals disable trigger all; ${statement};
     alter table ledger enable trigger all; alter table ledger_seals enable trigger all`,
  );
}

/** Runs `check` while the ledger is tampered with, and puts it right again. */
async function tampered(statement: string, check: () => Promise<void>): Promise<void> {
  await database.pool.query(`create table kept_ledger as table ledger; create table kept_seals as table ledger_seals`);
  await tamper(statement);
  await check();
  await tamper(`delete from ledger_seals; delete from ledger;
    insert into ledger overriding system value select * from kept_ledger; insert into ledger_seals select * from kept_seals;
    drop table kept_ledger, kept_seals`);
}

describe('ledger in PostgreSQL', () => {
  it('is intact and empty at first', async () => {
    expect(await verifyLedger(store())).toEqual({
      intact: true,
      sealed: 0,
      unsealed: 0,
      firstBadEntry: null,
      head: null,
    });
  });

  it('asks for sealing in the transaction that writes an entry', async () => {
    await append({ details: { big: 12_345_678_901 }, reason: 'because' });
    const { rows } = await database.pool.query(`select effect, payload from outbox`);
    expect(rows).toEqual([{ effect: 'reminder', payload: { queue: 'seal-ledger', key: 'ledger' } }]);
    expect(await verifyLedger(store())).toMatchObject({ intact: true, sealed: 0, unsealed: 1 });
  });

  it('seals every committed entry once, however many sealers run', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, i) => append({ subject: `rollout:${i}` })));
    await Promise.all([1, 2, 3, 4].map(() => aSealer().seal({ everything: false })));
    const sealed = await seals();
    expect(sealed.map(({ seq }) => seq)).toEqual(Array.from({ length: 41 }, (_, i) => i + 1));
    expect(await verifyLedger(store())).toMatchObject({ intact: true, sealed: 41, unsealed: 0 });
  });

  it('seals an entry that commits after a later one was sealed', async () => {
    const sealer = aSealer();
    const slow = await database.pool.connect();
    await slow.query('begin');
    await slow.query(
      `insert into ledger (actor, action, subject, outcome) values ('slow', 'rollout.start', 'rollout:1', 'done')`,
    );
    await append({ actor: 'fast' });
    await sealer.seal({ everything: false });
    await slow.query('commit');
    slow.release();
    expect(await verifyLedger(store())).toMatchObject({ intact: true, unsealed: 1 });
    await sealer.seal({ everything: false });
    const ids = (await seals()).slice(-2).map(({ entry_id }) => entry_id);
    expect(ids[1]).toBeLessThan(ids[0]!);
    expect(await verifyLedger(store())).toMatchObject({ intact: true, unsealed: 0 });
  });

  it('keeps the chain whole while many write and several seal', async () => {
    const writers = Array.from({ length: 8 }, async (_, i) => {
      for (let n = 0; n < 15; n += 1) await append({ subject: `rollout:${i}-${n}` });
    });
    const sealers = Array.from({ length: 3 }, async () => {
      for (let n = 0; n < 10; n += 1) await aSealer().seal({ everything: false });
    });
    await Promise.all([...writers, ...sealers]);
    await aSealer().seal({ everything: true });
    expect(await verifyLedger(store())).toMatchObject({ intact: true, unsealed: 0 });
  });

  it('lists what matches, newest first, page by page, with the hash of sealed entries', async () => {
    await append({ actor: 'bo', subject: 'cluster:eu-1', action: 'cluster.revoke', outcome: 'refused' });
    const all = await listLedger(store(), { limit: 500 });
    expect(all.items[0]).toMatchObject({ actor: 'bo', outcome: 'refused', details: {}, hash: null });
    expect(all.items[1]?.hash).toMatch(/^[0-9a-f]{64}$/);
    const first = await listLedger(store(), { limit: 3, actor: 'ada' });
    const second = await listLedger(store(), { limit: 3, actor: 'ada', cursor: first.next! });
    const expected = all.items.filter((entry) => entry.actor === 'ada').slice(0, 6);
    expect([...first.items, ...second.items]).toEqual(expected);
    expect((await listLedger(store(), { subject: 'cluster:eu-1' })).items).toHaveLength(1);
    expect((await listLedger(store(), { action: 'cluster.revoke', outcome: 'done' })).items).toHaveLength(0);
    await expect(listLedger(store(), { cursor: 'x' })).rejects.toMatchObject({ code: 'request.invalid-cursor' });
  });

  it('refuses update, delete and truncate', async () => {
    for (const statement of ['update ledger set actor = $$eve$$', 'delete from ledger', 'truncate ledger cascade']) {
      await expect(database.pool.query(statement)).rejects.toThrow('append-only');
    }
  });

  it.each([
    [
      'a changed actor',
      `update ledger set actor = 'eve' where id = (select entry_id from ledger_seals where seq = 5)`,
      5,
    ],
    [
      'a changed detail',
      `update ledger set details = '{"x": 1}' where id = (select entry_id from ledger_seals where seq = 1)`,
      1,
    ],
    [
      'a moved instant',
      `update ledger set at = at + interval '1 microsecond' where id = (select entry_id from ledger_seals where seq = 9)`,
      9,
    ],
    ['a removed entry', `delete from ledger where id = (select entry_id from ledger_seals where seq = 7)`, 7],
    ['a removed seal', `delete from ledger_seals where seq = 7`, 8],
    ['a forged seal', `update ledger_seals set hash = repeat('f', 64) where seq = 7`, 7],
  ])('finds %s', async (_name, statement, seq) => {
    const bad = (await seals()).find((seal) => seal.seq === seq)!.entry_id;
    await tampered(statement, async () => {
      expect(await verifyLedger(store())).toMatchObject({
        intact: false,
        firstBadEntry: bad,
        sealed: expect.any(Number),
      });
    });
    expect(await verifyLedger(store())).toMatchObject({ intact: true });
  });
});

describe('ledger lists on 100,000 entries', () => {
  beforeAll(async () => {
    await database.pool.query(
      `insert into ledger (actor, action, subject, outcome)
       select 'actor-' || n % 500, 'action.' || n % 100, 'rollout:' || n % 5000, 'done' from generate_series(1, 100000) n;
       analyze ledger; analyze ledger_seals`,
    );
  }, 60_000);

  it.each([
    ['no filter', {}],
    ['a subject', { subject: 'rollout:77' }],
    ['an actor', { actor: 'actor-7' }],
    ['an action', { action: 'action.7' }],
    ['an actor that does not exist', { actor: 'nobody' }],
  ])('with %s are answered from an index', async (_name, filter) => {
    const query = listQuery({ filter, beforeId: 90_000, limit: 101 });
    const { rows } = await database.pool.query<{ 'QUERY PLAN': string }>(`explain ${query.text}`, query.values);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).not.toContain('Seq Scan on ledger l');
  });
});
