import { defaultTargetSettings } from '@fairlead/shared/contracts';
import sql from 'sql-template-tag';
import type { Strategy } from '@fairlead/shared/contracts';
import { sha256Hex } from '@fairlead/manifests';
import type { Pool } from '../../../platform/database/pool.ts';
import { AdvanceGroup } from '../application/advance-group.ts';
import { HubTime } from '../application/hub-time.ts';
import { PgRolloutStore } from '../persistence/pg-rollout.store.ts';
import { aStrategy } from './builders.ts';

const settings = {
  ...defaultTargetSettings,
  namespace: 'shop',
  createNamespace: true,
  driftMode: 'correct',
  prune: { ...defaultTargetSettings.prune, confirm: ['Namespace'] },
};

export interface FleetTarget {
  state: string;
  reason: string | null;
  touched: boolean;
  frozen: boolean;
}

interface AssignmentRow {
  digest: string;
  counter: number;
  mode: string;
}

/**
 * A group of two apps (`orders` needs `gateway`) in a real database, with clusters, releases and agents written straight
 * into the tables as the other features would, and a clock in the test's hands.
 */
export class TestFleet {
  readonly pool: Pool;
  readonly heartbeatMs = 1000;
  /** The hub process that holds the agents' sockets. */
  replica = 'hub';
  readonly checks: (number | null)[] = [];
  readonly advance: AdvanceGroup;
  readonly store: PgRolloutStore;
  now = Date.parse('2026-11-23T10:00:00Z');
  uptime = 3_600_000;
  groupId = 0;
  group = '';
  readonly apps = new Map<string, number>();
  readonly clusters = new Map<string, number>();
  #sourceId = 0;
  #releases = 0;

  constructor(pool: Pool) {
    this.pool = pool;
    this.store = new PgRolloutStore(pool);
    const time = new HubTime({ clock: { nowMs: () => this.now }, uptimeMs: () => this.uptime });
    const timers = { arm: (_group: number, at: number | null) => void this.checks.push(at) };
    this.advance = new AdvanceGroup({ store: this.store, time, timers, heartbeatMs: this.heartbeatMs });
  }

  /** A fresh group with clusters named and labelled by ring. */
  static async with(pool: Pool, rings: Record<string, string>): Promise<TestFleet> {
    const fleet = new TestFleet(pool);
    // The fleet is all clusters there are: those of earlier tests would count as connected.
    await pool.query(sql`update clusters set revoked_at = now() where revoked_at is null`);
    const suffix = sha256Hex(String(performance.now())).slice(0, 8);
    fleet.group = `shop-${suffix}`;
    fleet.#sourceId = await fleet.#insert(sql`
      insert into sources (name, url, ref, poll_interval_seconds) values (${`source-${suffix}`}, 'file:///x', 'main', 60) returning id`);
    fleet.groupId = await fleet.#insert(sql`
      insert into app_groups (name, source_id) values (${fleet.group}, ${fleet.#sourceId}) returning id`);
    for (const app of ['gateway', 'orders']) {
      const id = await fleet.#insert(sql`
        insert into apps (name, source_id, group_id, directory, state)
        values (${`${app}-${suffix}`}, ${fleet.#sourceId}, ${fleet.groupId}, ${app}, 'ok') returning id`);
      fleet.apps.set(app, id);
    }
    for (const [name, ring] of Object.entries(rings)) await fleet.join(name, ring);
    return fleet;
  }

  async #insert(query: ReturnType<typeof sql>): Promise<number> {
    const { rows } = await this.pool.query<{ id: number }>(query);
    return rows[0]?.id ?? 0;
  }

  /** Registers and connects a cluster. */
  async join(name: string, ring: string): Promise<void> {
    const id = await this.#insert(sql`
      insert into clusters (name, labels, fingerprint)
      values (${`${name}-${this.group}`}, ${JSON.stringify({ ring })}, ${`${name}-${this.group}`}) returning id`);
    this.clusters.set(name, id);
    await this.connect(name);
  }

  async connect(name: string): Promise<void> {
    await this.pool.query(sql`
      insert into agent_sessions (cluster_id, epoch, replica, connected_at, last_heartbeat_at)
      values (${this.#cluster(name)}, 1, ${this.replica}, ${this.#at()}, ${this.#at()})
      on conflict (cluster_id) do update set epoch = agent_sessions.epoch + 1,
        replica = excluded.replica, connected_at = excluded.connected_at,
        last_heartbeat_at = excluded.last_heartbeat_at, disconnected_at = null`);
  }

  async disconnect(name: string): Promise<void> {
    await this.pool.query(sql`
      update agent_sessions set disconnected_at = ${this.#at()} where cluster_id = ${this.#cluster(name)}`);
  }

  /** Time passes; agents that are connected keep giving signs of life. */
  async pass(ms: number): Promise<void> {
    this.now += ms;
    this.uptime += ms;
    const own = [...this.clusters.values()];
    await this.pool.query(sql`
      update agent_sessions set last_heartbeat_at = ${this.#at()}
      where disconnected_at is null and cluster_id = any(${own})`);
  }

  /** A commit was rendered. `content` gives what an app is on a cluster; the same text is the same snapshot. */
  async release(
    content: (app: string, cluster: string) => string | null,
    strategy: Partial<Strategy> = {},
  ): Promise<number> {
    this.#releases += 1;
    const number = this.#releases;
    const entries = [...this.apps.keys()].flatMap((app) =>
      [...this.clusters.keys()].flatMap((cluster) => {
        const text = content(app, cluster);
        return text === null ? [] : [{ app, cluster, digest: digestOf(app, text) }];
      }),
    );
    const full = aStrategy(strategy);
    const suffix = this.group.slice('shop'.length);
    const order = [
      { app: `gateway${suffix}`, dependsOn: [] },
      { app: `orders${suffix}`, dependsOn: [{ app: `gateway${suffix}`, condition: 'healthy' }] },
    ];
    const id = await this.#insert(sql`
      insert into releases (group_id, number, source_id, commit, digest, subject, author, state, strategy, app_order)
      values (${this.groupId}, ${number}, ${this.#sourceId}, ${sha256Hex(`commit ${number}`).slice(0, 40)},
        ${sha256Hex(JSON.stringify(entries))}, ${`commit ${number}`}, 'ann', 'waiting', ${JSON.stringify(full)},
        ${JSON.stringify(order)}) returning id`);
    for (const { app, cluster, digest } of entries) await this.addEntry(id, app, cluster, digest);
    // A hub that looks meanwhile must not see half of it.
    await this.pool.query(sql`update releases set state = 'ready' where id = ${id}`);
    return id;
  }

  /** One entry of a release's map, with a snapshot of two objects. */
  async addEntry(releaseId: number, app: string, cluster: string, digest: string): Promise<void> {
    await this.pool.query(sql`
      insert into snapshots (digest, object_count) values (${digest}, 2) on conflict do nothing`);
    for (const [ordinal, name] of [`${app}-config`, app].entries()) {
      const blob = sha256Hex(`${digest} ${name}`);
      await this.pool.query(sql`insert into blobs (digest, content) values (${blob}, '') on conflict do nothing`);
      await this.pool.query(sql`
        insert into snapshot_objects (snapshot_digest, ordinal, object_id, blob_digest)
        values (${digest}, ${ordinal}, ${`/ConfigMap/shop/${name}`}, ${blob}) on conflict do nothing`);
    }
    await this.pool.query(sql`
      insert into release_targets (release_id, app_id, cluster_id, snapshot_digest, settings)
      values (${releaseId}, ${this.#app(app)}, ${this.#cluster(cluster)}, ${digest}, ${JSON.stringify(settings)})`);
  }

  /** Agents that are connected say how it went: applied and healthy unless `answers` says otherwise. */
  async report(answers: Partial<Record<string, Partial<Answer> | 'silent'>> = {}): Promise<void> {
    for (const [cluster, clusterId] of this.clusters) {
      for (const [app, appId] of this.apps) {
        const answer = answers[`${app}@${cluster}`] ?? answers[cluster] ?? answers['*'] ?? {};
        if (answer === 'silent') continue;
        // What it had before is well, whatever the newest release does to it.
        const isNewest = await this.#runsNewest(appId, clusterId);
        const said = isNewest ? answer : {};
        const { phase = 'applied', health = 'healthy', permanent = false, message = null } = said;
        const failing =
          health === 'healthy' ? [] : [{ object: 'apps/Deployment/shop/web', reason: 'CrashLoop', message: 'boom' }];
        await this.pool.query(sql`
          insert into target_status (app_id, cluster_id, epoch, counter, digest, phase, permanent, message, health, failing,
            received_at, reported_at)
          select n.app_id, n.cluster_id, s.epoch, n.counter, n.digest, ${phase}, ${permanent}, ${message}, ${health},
            ${JSON.stringify(failing)}, ${this.#at()}, ${this.#at()}
          from assignments n join agent_sessions s on s.cluster_id = n.cluster_id and s.disconnected_at is null
          where n.app_id = ${appId} and n.cluster_id = ${clusterId} and n.mode = 'reconcile'
          on conflict (app_id, cluster_id) do update set epoch = excluded.epoch, counter = excluded.counter,
            digest = excluded.digest, phase = excluded.phase, permanent = excluded.permanent, message = excluded.message,
            health = excluded.health, failing = excluded.failing, reported_at = excluded.reported_at,
            received_at = case when target_status.counter = excluded.counter then target_status.received_at
              else excluded.received_at end`);
      }
    }
  }

  async #runsNewest(appId: number, clusterId: number): Promise<boolean> {
    const { rowCount } = await this.pool.query(sql`
      select from assignments where app_id = ${appId} and cluster_id = ${clusterId}
        and release_id = (select max(id) from releases where group_id = ${this.groupId})`);
    return rowCount === 1;
  }

  /** Reports and advances until nothing moves any more. */
  async run(answers: Parameters<TestFleet['report']>[0] = {}): Promise<void> {
    for (let before = ''; ;) {
      await this.report(answers);
      await this.advance.advance(this.groupId);
      const after = JSON.stringify([await this.rollouts(), await this.assignments()]);
      if (after === before) return;
      before = after;
    }
  }

  async rollouts(): Promise<{ id: number; number: number; state: string; reason: string | null; kind: string }[]> {
    const { rows } = await this.pool.query<{
      id: number;
      number: number;
      state: string;
      reason: string | null;
      kind: string;
    }>(sql`
      select r.id, rel.number, r.state, r.reason, r.kind from rollouts r join releases rel on rel.id = r.release_id
      where r.group_id = ${this.groupId} order by r.id`);
    return rows;
  }

  async last() {
    const rollout = (await this.rollouts()).at(-1);
    if (!rollout) throw new Error('no rollout');
    return rollout;
  }

  async targets(rolloutId?: number): Promise<Record<string, FleetTarget>> {
    const id = rolloutId ?? (await this.last()).id;
    const { rows } = await this.pool.query<FleetTarget & { app_id: number; cluster_id: number }>(sql`
      select app_id, cluster_id, state, reason, touched, frozen from rollout_targets where rollout_id = ${id}`);
    return Object.fromEntries(rows.map(({ app_id, cluster_id, ...row }) => [this.#nameOf(app_id, cluster_id), row]));
  }

  async waves(): Promise<Record<string, string>> {
    const { rows } = await this.pool.query<{ name: string; state: string }>(sql`
      select name, state from rollout_waves where rollout_id = ${(await this.last()).id} order by ordinal`);
    return Object.fromEntries(rows.map((row) => [row.name, row.state]));
  }

  async assignments(): Promise<Record<string, AssignmentRow>> {
    const { rows } = await this.pool.query<AssignmentRow & { app_id: number; cluster_id: number }>(sql`
      select app_id, cluster_id, digest, counter, mode from assignments
      where app_id = any(${[...this.apps.values()]}) order by app_id, cluster_id`);
    return Object.fromEntries(rows.map(({ app_id, cluster_id, ...row }) => [this.#nameOf(app_id, cluster_id), row]));
  }

  async blocked(): Promise<string | null> {
    const { rows } = await this.pool.query<{ blocked: string | null }>(sql`
      select blocked from app_groups where id = ${this.groupId}`);
    return rows[0]?.blocked ?? null;
  }

  async hold(): Promise<{ number: number | null; policy: string; reason: string } | null> {
    const { rows } = await this.pool.query<{ number: number | null; policy: string; reason: string }>(sql`
      select rel.number, h.policy, h.reason from holds h left join releases rel on rel.id = h.release_id
      where h.group_id = ${this.groupId}`);
    return rows[0] ?? null;
  }

  #nameOf(appId: number, clusterId: number): string {
    const app = [...this.apps].find(([, id]) => id === appId)?.[0] ?? '';
    const cluster = [...this.clusters].find(([, id]) => id === clusterId)?.[0] ?? '';
    return `${app}@${cluster}`;
  }

  #app(name: string): number {
    return this.apps.get(name) ?? 0;
  }

  #cluster(name: string): number {
    return this.clusters.get(name) ?? 0;
  }

  #at(): string {
    return new Date(this.now).toISOString();
  }
}

export interface Answer {
  phase: 'received' | 'applied' | 'failed';
  health: 'healthy' | 'progressing' | 'degraded' | 'failed' | 'unknown';
  permanent: boolean;
  message: string | null;
}

/** The digest of an app's content. */
export function digestOf(app: string, text: string): string {
  return sha256Hex(`${app} ${text}`);
}
