import sql from 'sql-template-tag';
import {
  invalidCursor,
  type Group,
  type Rollout,
  type RolloutTarget,
  type RolloutWave,
  type Target,
  type TargetDetail,
} from '@fairlead/shared/contracts';
import type { Clock } from '../../../platform/clock/clock.ts';
import type { Pool } from '../../../platform/database/pool.ts';
import { groupNotFound, rolloutNotFound, targetNotFound } from '../application/rollout.errors.ts';
import type { Page, RolloutEvent, RolloutReader } from '../application/rollout.reader.ts';
import { missedHeartbeats } from '../domain/connectivity.ts';
import { iso } from './rollout-rows.ts';
import { readShownGroups } from './show-group.ts';
import { readShownRollouts, readShownTargets } from './show-rollout.ts';
import {
  rowToTarget,
  rowToTargetDetail,
  targetListQuery,
  targetQuery,
  type TargetListPage,
  type TargetListRow,
  type TargetRow,
} from './target-list.query.ts';

export class PgRolloutReader implements RolloutReader {
  readonly #pool: Pool;
  readonly #clock: Clock;
  readonly #heartbeatMs: number;

  constructor(options: { pool: Pool; clock: Clock; heartbeatMs: number }) {
    this.#pool = options.pool;
    this.#clock = options.clock;
    this.#heartbeatMs = options.heartbeatMs;
  }

  async listRollouts(page: Parameters<RolloutReader['listRollouts']>[0]): Promise<Page<Rollout>> {
    const { filter, cursor, limit } = page;
    const where = [];
    if (filter.group !== undefined)
      where.push(sql`r.group_id = (select id from app_groups where name = ${filter.group})`);
    if (filter.state !== undefined) where.push(sql`r.state = ${filter.state}`);
    if (cursor !== null) where.push(sql`r.id < ${numbersOf(cursor, 1)[0]}`);
    const found = await readShownRollouts(this.#pool, { where, limit: limit + 1 });
    return pageOf(found, limit, (rollout) => String(rollout.id));
  }

  async getRollout(id: number): Promise<Rollout> {
    const [rollout] = await readShownRollouts(this.#pool, { where: [sql`r.id = ${id}`], limit: 1 });
    if (!rollout) throw rolloutNotFound(id);
    return rollout;
  }

  async listWaves(id: number): Promise<RolloutWave[]> {
    return (await this.getRollout(id)).waves;
  }

  async listRolloutTargets(page: { id: number; cursor: string | null; limit: number }): Promise<Page<RolloutTarget>> {
    const { id, cursor, limit } = page;
    const [wave = -1, clusterId = 0, appId = 0] = cursor === null ? [] : numbersOf(cursor, 3);
    const liveSince = this.#liveSince();
    const found = await readShownTargets(this.#pool, {
      id,
      after: [wave, clusterId, appId],
      limit: limit + 1,
      liveSince,
    });
    if (found.length === 0) await this.getRollout(id);
    const { items, next } = pageOf(found, limit, (entry) => entry.position);
    return { items: items.map((entry) => entry.item), next };
  }

  async readEvents(page: { id: number; afterId: number; limit: number }): Promise<RolloutEvent[]> {
    const { rows } = await this.#pool.query<{ id: number; type: string; at: Date; payload: unknown }>(sql`
      select id, type, at, payload from events where rollout_id = ${page.id} and id > ${page.afterId}
      order by id limit ${page.limit}`);
    return rows.map(({ id, type, at, payload }) => ({ id, type, at: at.toISOString(), payload }));
  }

  async listGroups({ cursor, limit }: { cursor: string | null; limit: number }): Promise<Page<Group>> {
    const where = sql`g.name > ${cursor ?? ''}`;
    const found = await readShownGroups(this.#pool, { where, limit: limit + 1 });
    return pageOf(found, limit, (group) => group.name);
  }

  async getGroup(name: string): Promise<Group> {
    const [group] = await readShownGroups(this.#pool, { where: sql`g.name = ${name}`, limit: 1 });
    if (!group) throw groupNotFound(name);
    return group;
  }

  async getTarget(of: { app: string; cluster: string }): Promise<TargetDetail> {
    const { rows } = await this.#pool.query<TargetRow>(targetQuery({ ...of, liveSince: this.#liveSince() }));
    if (!rows[0]) throw targetNotFound(of);
    return rowToTargetDetail(rows[0]);
  }

  async listTargets(page: {
    filter: TargetListPage['filter'];
    cursor: string | null;
    limit: number;
  }): Promise<Page<Target>> {
    const { filter, cursor, limit } = page;
    const [appId = 0, clusterId = 0] = cursor === null ? [] : numbersOf(cursor, 2);
    const query = targetListQuery({
      filter,
      after: [appId, clusterId],
      limit: limit + 1,
      liveSince: this.#liveSince(),
    });
    const { rows } = await this.#pool.query<TargetListRow>(query);
    const shown = pageOf(rows, limit, (row) => `${row.app_id}.${row.cluster_id}`);
    return { items: shown.items.map(rowToTarget), next: shown.next };
  }

  #liveSince(): string {
    return iso(this.#clock.nowMs() - missedHeartbeats * this.#heartbeatMs);
  }
}

function pageOf<T>(found: T[], limit: number, positionOf: (item: T) => string): Page<T> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, next: found.length > limit && last !== undefined ? positionOf(last) : null };
}

function numbersOf(cursor: string, count: number): number[] {
  const parts = cursor.split('.');
  if (parts.length !== count || !parts.every((part) => /^\d{1,15}$/.test(part))) throw invalidCursor();
  return parts.map(Number);
}
