import type { DriftItem, DriftItemReport, ListDrift } from '@fairlead/shared/contracts';
import type { AppId, ClusterId } from '@fairlead/shared/kernel';
import { eventually } from '@fairlead/shared/test-kit';
import { usePostgres } from '../../../../../../test/harness/postgres.ts';
import { inTransaction } from '../../../platform/database/pool.ts';
import type { Signals } from '../../../platform/queue/queue.ts';
import { listDrift, reportDrift } from '../application/read-drift.ts';
import type { TargetDrift } from '../application/record-drift.ts';
import { DriftFeed } from '../application/watch-drift.ts';
import { listQuery } from './drift-list.query.ts';
import { PgDriftStore } from './pg-drift.store.ts';
import { recordDrift } from './pg-record-drift.ts';

const database = usePostgres();
const store = () => new PgDriftStore(database.pool);
const orders = 1 as AppId;
const gateway = 2 as AppId;
const [eu, us, ap] = [1, 2, 3] as ClusterId[] as [ClusterId, ClusterId, ClusterId];
const minute = (n: number) => new Date(Date.UTC(2026, 10, 23, 0, n)).toISOString();

beforeAll(async () => {
  await database.pool.query(`
    insert into sources (name, url, ref, poll_interval_seconds) values ('s', 'x', 'main', 60);
    insert into app_groups (name, source_id) values ('g', 1);
    insert into apps (name, source_id, group_id, directory, state) values ('orders', 1, 1, 'o', 'ok'), ('gateway', 1, 1, 'g', 'ok');
    insert into clusters (name, fingerprint) values ('eu', 'a'), ('us', 'b'), ('ap', 'c')`);
});

function anItem(overrides: Partial<DriftItemReport> = {}): DriftItemReport {
  return {
    object: 'apps/Deployment/shop/orders',
    apiVersion: 'apps/v1',
    path: '/spec/replicas',
    change: 'changed',
    contended: false,
    desired: 3,
    live: 5,
    manager: 'kubectl-edit',
    operation: 'Update',
    managerAt: minute(0),
    confidence: 'high',
    firstSeenAt: minute(0),
    ...overrides,
  };
}

function record(overrides: Partial<TargetDrift>) {
  const drift = { clusterId: eu, appId: orders, counter: 1, digest: 'd', opened: [], closed: [], at: minute(0) };
  return inTransaction(database.pool, (tx) => recordDrift(tx, { ...drift, ...overrides }));
}

const list = async (query: ListDrift = {}) => (await listDrift(store(), query)).items;
const lines = (items: DriftItem[]) =>
  items.map((item) => `${item.state} ${item.live} ${item.firstSeenAt.slice(14, 16)}`);

async function reset(): Promise<void> {
  await database.pool.query(`truncate drift_items restart identity; truncate outbox`);
}

describe('recording drift', () => {
  beforeEach(reset);

  it('keeps what the agent saw', async () => {
    expect(await record({ opened: [anItem()] })).toEqual({ opened: 1, closed: 0 });
    const { apiVersion: _, ...expected } = anItem();
    expect(await list()).toEqual([{ id: 1, app: 'orders', cluster: 'eu', ...expected, state: 'open', closedAt: null }]);
  });

  it('changes nothing when the message comes again, and wakes nobody', async () => {
    const drift = {
      opened: [anItem(), anItem({ path: '/spec/paused', live: true, desired: null })],
      closed: [{ object: anItem().object, path: '/spec/paused', outcome: 'corrected' as const, at: minute(1) }],
    };
    expect(await record(drift)).toEqual({ opened: 2, closed: 1 });
    const before = await list();
    await database.pool.query(`truncate outbox`);
    expect(await record(drift)).toEqual({ opened: 0, closed: 0 });
    expect(await list()).toEqual(before);
    expect((await database.pool.query(`select from outbox`)).rowCount).toBe(0);
  });

  it('keeps history: the same field again is another item', async () => {
    const { object, path } = anItem();
    await record({ opened: [anItem()] });
    await record({ closed: [{ object, path, outcome: 'corrected', at: minute(1) }] });
    await record({ opened: [anItem({ live: 7, firstSeenAt: minute(2) })] });
    expect(lines(await list())).toEqual(['open 7 02', 'corrected 5 00']);
  });

  it('does not open again what a late message reports', async () => {
    const { object, path } = anItem();
    await record({ opened: [anItem()] });
    await record({ closed: [{ object, path, outcome: 'reverted', at: minute(1) }] });
    await record({ opened: [anItem()] });
    expect(lines(await list())).toEqual(['reverted 5 00']);
  });

  it('closes and opens one field in one message', async () => {
    const { object, path } = anItem();
    await record({ opened: [anItem()] });
    await record({
      closed: [{ object, path, outcome: 'corrected', at: minute(1) }],
      opened: [anItem({ live: 9, firstSeenAt: minute(2) })],
    });
    expect(lines(await list())).toEqual(['open 9 02', 'corrected 5 00']);
  });

  it('does not close an item that began after the end it reports', async () => {
    const { object, path } = anItem();
    await record({ opened: [anItem({ firstSeenAt: minute(5) })] });
    await record({ closed: [{ object, path, outcome: 'corrected', at: minute(1) }] });
    expect(lines(await list())).toEqual(['open 5 05']);
  });

  it('follows an open field that drifts further, and keeps when it was first seen', async () => {
    await record({ opened: [anItem()] });
    await record({ opened: [anItem({ live: 8, manager: 'helm', firstSeenAt: minute(3) })] });
    const [item, ...others] = await list();
    expect(others).toEqual([]);
    expect(item).toMatchObject({ live: 8, manager: 'helm', firstSeenAt: minute(0), state: 'open' });
  });

  it('keeps one open item when two replicas record the same drift at once', async () => {
    await Promise.all([1, 2, 3, 4].map(() => record({ opened: [anItem()] })));
    expect(lines(await list())).toEqual(['open 5 00']);
  });

  it('wakes the streams in the same transaction', async () => {
    await record({ clusterId: us, opened: [anItem()] });
    const { rows } = await database.pool.query(`select effect, payload from outbox`);
    expect(rows).toEqual([{ effect: 'signal', payload: { topic: 'drift-events', key: '2' } }]);
  });
});

describe('what Git says nothing about', () => {
  beforeEach(reset);

  it('is kept, and shown only to who asks for it', async () => {
    const unmanaged = anItem({ path: '/spec/extra', change: 'unmanaged', desired: null });
    await record({ opened: [anItem(), unmanaged] });
    const paths = async (query: ListDrift) => (await list(query)).map(({ path }) => path).toSorted();
    expect(await paths({})).toEqual(['/spec/replicas']);
    expect(await paths({ unmanaged: 'false' })).toEqual(['/spec/replicas']);
    expect(await paths({ unmanaged: 'true' })).toEqual(['/spec/extra', '/spec/replicas']);
    expect(await paths({ change: 'unmanaged' })).toEqual(['/spec/extra']);
    expect(await paths({ change: 'changed' })).toEqual(['/spec/replicas']);
  });

  it('counts as nothing but itself', async () => {
    const unmanaged = (path: string) => anItem({ path, change: 'unmanaged', desired: null });
    await record({ opened: [anItem(), unmanaged('/spec/a'), unmanaged('/spec/b')] });
    await record({ clusterId: us, opened: [unmanaged('/spec/a')] });
    const { object } = anItem();
    await record({ closed: [{ object, path: '/spec/b', outcome: 'reverted', at: minute(1) }] });
    expect(await reportDrift(store(), {})).toMatchObject({
      totals: { open: 1, corrected: 0, reverted: 0, superseded: 0, unmanaged: 2 },
      groups: [{ key: 'orders', open: 1, other: 0 }],
      identical: [],
    });
  });

  it('is told from an object that somebody keeps changing back', async () => {
    await record({ opened: [anItem()] });
    await record({ opened: [anItem({ contended: true, firstSeenAt: minute(1) })] });
    expect(await list()).toMatchObject([{ contended: true, firstSeenAt: minute(0) }]);
  });
});

describe('reading drift', () => {
  beforeAll(async () => {
    await reset();
    const { object, path } = anItem();
    await record({ opened: [anItem(), anItem({ path: '/spec/paused', manager: null, firstSeenAt: minute(4) })] });
    await record({ clusterId: us, opened: [anItem({ firstSeenAt: minute(1) })] });
    await record({ clusterId: ap, opened: [anItem({ firstSeenAt: minute(2), live: 1 })] });
    await record({ clusterId: ap, closed: [{ object, path, outcome: 'corrected', at: minute(3) }] });
    await record({
      appId: gateway,
      opened: [anItem({ object: '/ConfigMap/shop/gw', path: '', change: 'object-deleted', firstSeenAt: minute(1) })],
    });
  });

  it.each<[string, ListDrift, number]>([
    ['app', { app: 'orders' }, 4],
    ['cluster', { cluster: 'eu' }, 3],
    ['state', { state: 'corrected' }, 1],
    ['manager', { manager: 'kubectl-edit' }, 4],
    ['path', { path: '' }, 1],
    ['object', { object: '/ConfigMap/shop/gw' }, 1],
    ['several of them', { app: 'orders', cluster: 'ap', state: 'open' }, 0],
    ['an unknown app', { app: 'nobody' }, 0],
  ])('filters by %s', async (_name, query, count) => {
    expect(await list(query)).toHaveLength(count);
  });

  it('lists latest first, page by page, also where items began at the same instant', async () => {
    const all = await list();
    expect(all.map((item) => item.firstSeenAt)).toEqual([4, 2, 1, 1, 0].map(minute));
    const paged: DriftItem[] = [];
    let cursor: string | undefined;
    do {
      const page = await listDrift(store(), { limit: 2, ...(cursor !== undefined && { cursor }) });
      paged.push(...page.items);
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect(paged).toEqual(all);
    await expect(listDrift(store(), { cursor: '7' })).rejects.toMatchObject({ code: 'request.invalid-cursor' });
  });

  it('reports by app, with what is the same on several clusters', async () => {
    const report = await reportDrift(store(), {});
    expect(report).toMatchObject({
      groupBy: 'app',
      since: null,
      totals: { open: 4, corrected: 1, reverted: 0, superseded: 0, unmanaged: 0 },
      groups: [
        { key: 'orders', open: 3, corrected: 1, other: 0, clusters: 3, oldestFirstSeenAt: minute(0) },
        { key: 'gateway', open: 1, corrected: 0, other: 0, clusters: 1, oldestFirstSeenAt: minute(1) },
      ],
      identical: [{ object: 'apps/Deployment/shop/orders', path: '/spec/replicas', live: 5, clusters: 2 }],
    });
  });

  it.each([
    ['cluster', ['eu', 'us', 'ap']],
    ['kind', ['Deployment.apps', 'ConfigMap']],
    ['path', ['/spec/replicas', '', '/spec/paused']],
    ['manager', ['kubectl-edit', '']],
  ] as const)('groups by %s', async (groupBy, keys) => {
    const { groups } = await reportDrift(store(), { groupBy });
    expect(groups.map((group) => group.key)).toEqual(keys);
  });

  it('leaves out what had closed before `since`', async () => {
    const { totals } = await reportDrift(store(), { since: minute(3) });
    expect(totals).toMatchObject({ open: 4, corrected: 1 });
    expect((await reportDrift(store(), { since: minute(4) })).totals).toMatchObject({ open: 4, corrected: 0 });
  });
});

describe('watching drift', () => {
  beforeEach(reset);

  function aFeed() {
    const hearers = new Set<(key: string) => void>();
    const signals: Signals = {
      listen: (_topic, hear) => {
        hearers.add(hear);
        return () => hearers.delete(hear);
      },
    };
    const feed = new DriftFeed({ store: store(), signals });
    const watch = (query: Parameters<DriftFeed['prepare']>[0] = {}) => {
      const seen: { id: string; line: string }[] = [];
      const stop = feed.prepare(query)({
        next: ({ id, item }) => seen.push({ id, line: `${item.cluster} ${item.state} ${item.path}` }),
        error: (reason) => {
          throw reason;
        },
      });
      return { seen, stop };
    };
    return { watch, ring: () => hearers.forEach((hear) => hear('1')), hearers };
  }

  it('shows every change once, from when the stream began, and continues after the last event seen', async () => {
    const { object, path } = anItem();
    await record({ clusterId: us, opened: [anItem()] });
    const { watch, ring, hearers } = aFeed();
    const { seen, stop } = watch();
    await eventually(async () => {
      await record({ opened: [anItem()] });
      ring();
      expect(seen.map(({ line }) => line)).toEqual(['eu open /spec/replicas']);
    });
    await record({ closed: [{ object, path, outcome: 'corrected', at: minute(1) }] });
    ring();
    await eventually(() =>
      expect(seen.map(({ line }) => line)).toEqual(['eu open /spec/replicas', 'eu corrected /spec/replicas']),
    );
    stop();
    expect(hearers.size).toBe(0);

    await record({ clusterId: ap, opened: [anItem()] });
    await record({ clusterId: us, opened: [anItem({ path: '/spec/paused' })] });
    const second = watch({ lastEventId: seen.at(-1)!.id, cluster: 'us' });
    await eventually(() => expect(second.seen.map(({ line }) => line)).toEqual(['us open /spec/paused']));
    second.stop();
  });

  it('never loses a change that commits after a later one', async () => {
    const { watch, ring } = aFeed();
    const start = (await store().now()).transaction;
    const slow = await database.pool.connect();
    await slow.query('begin');
    await slow.query(
      `insert into drift_items (app_id, cluster_id, object_id, path, change, confidence, first_seen_at)
       values (1, 1, 'a/b/c/slow', '/slow', 'changed', 'none', now())`,
    );
    await record({ opened: [anItem({ path: '/fast' })] });
    const { seen, stop } = watch({ lastEventId: `${start}-0` });
    ring();
    await slow.query('commit');
    slow.release();
    await eventually(() => expect(seen.map(({ line }) => line)).toEqual(['eu open /slow', 'eu open /fast']));
    stop();
  });

  it('refuses an event id that no stream gave out', () => {
    expect(() => aFeed().watch({ lastEventId: 'x' })).toThrow(
      expect.objectContaining({ code: 'request.invalid-cursor' }),
    );
  });
});

describe('drift lists on 100,000 items', () => {
  beforeAll(async () => {
    await reset();
    await database.pool.query(
      `insert into drift_items (app_id, cluster_id, object_id, path, change, manager, confidence, first_seen_at, state, closed_at)
       select 1 + n % 2, 1 + n % 3, 'apps/Deployment/shop/' || n % 1000, '/spec/' || case when n % 100 = 0 then n else n % 300 end, 'changed', 'manager-' || n % 50, 'high',
         now() - n * interval '1 second', case when n % 100 = 0 then 'open' else 'corrected' end,
         case when n % 100 = 0 then null else now() - n * interval '1 second' end
       from generate_series(1, 100000) n;
       analyze drift_items`,
    );
  }, 60_000);

  it.each<[string, ListDrift]>([
    ['no filter', {}],
    ['an app', { app: 'orders' }],
    ['a cluster', { cluster: 'ap' }],
    ['open items', { state: 'open' }],
    ['open items of an app', { app: 'gateway', state: 'open' }],
    ['a manager', { manager: 'manager-7' }],
    ['a path', { path: '/spec/7' }],
    ['an object', { object: 'apps/Deployment/shop/77' }],
  ])('with %s are answered from an index', async (_name, filter) => {
    const after = { firstSeenAt: '2026-01-01T00:00:00.000000Z', id: 5 };
    const query = listQuery({ filter, after, limit: 101 });
    const { rows } = await database.pool.query<{ 'QUERY PLAN': string }>(`explain ${query.text}`, query.values);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).not.toContain('Seq Scan on drift_items');
  });
});
