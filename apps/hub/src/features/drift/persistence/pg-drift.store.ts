import type { DriftItem, DriftReport } from '@fairlead/shared/contracts';
import type { Pool } from '../../../platform/database/pool.ts';
import type { DriftChange, DriftFilter, DriftGrouping, DriftStore } from '../application/drift.store.ts';
import type { ListPosition, StreamPosition } from '../domain/drift-cursor.ts';
import { changesQuery, horizonQuery, listQuery } from './drift-list.query.ts';
import { groupsQuery, identicalQuery, statesQuery } from './drift-report.query.ts';
import { rowToDriftItem, type DriftRow } from './drift-rows.ts';

export class PgDriftStore implements DriftStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async list(page: { filter: DriftFilter; after: ListPosition | null; limit: number }): Promise<{
    items: DriftItem[];
    next: ListPosition | null;
  }> {
    const query = listQuery({ ...page, limit: page.limit + 1 });
    const { rows } = await this.#pool.query<DriftRow & { first_seen_exactly: string }>(query);
    const shown = rows.slice(0, page.limit);
    const last = rows.length > page.limit ? shown.at(-1) : undefined;
    return {
      items: shown.map(rowToDriftItem),
      next: last ? { firstSeenAt: last.first_seen_exactly, id: last.id } : null,
    };
  }

  async countStates(since: string | null): Promise<Pick<DriftReport, 'totals' | 'asOf'>> {
    const { rows } = await this.#pool.query<DriftReport['totals'] & { as_of: Date }>(statesQuery(since));
    const row = rows[0];
    if (!row) throw new Error('an aggregate without group by gives one row');
    const { open, corrected, reverted, superseded, unmanaged } = row;
    return { totals: { open, corrected, reverted, superseded, unmanaged }, asOf: row.as_of.toISOString() };
  }

  async countGroups(request: {
    groupBy: DriftGrouping;
    since: string | null;
    limit: number;
  }): Promise<DriftReport['groups']> {
    const { rows } = await this.#pool.query<{
      key: string;
      open: number;
      corrected: number;
      other: number;
      clusters: number;
      oldest_first_seen_at: Date;
    }>(groupsQuery(request));
    return rows.map(({ oldest_first_seen_at, ...group }) => ({
      ...group,
      oldestFirstSeenAt: oldest_first_seen_at.toISOString(),
    }));
  }

  async findIdentical(limit: number): Promise<DriftReport['identical']> {
    const { rows } = await this.#pool.query<{
      object_id: string;
      path: string;
      live: DriftItem['live'];
      clusters: number;
    }>(identicalQuery(limit));
    return rows.map(({ object_id, path, live, clusters }) => ({ object: object_id, path, live, clusters }));
  }

  async now(): Promise<StreamPosition> {
    return { transaction: (await this.#horizon()).transaction, id: 0 };
  }

  async readChanges(request: {
    filter: Pick<DriftFilter, 'app' | 'cluster'>;
    after: StreamPosition;
    limit: number;
  }): Promise<{ changes: DriftChange[]; readTo: StreamPosition; isBehind: boolean }> {
    const { transaction, isBehind } = await this.#horizon();
    const { rows } = await this.#pool.query<DriftRow & { transaction: string }>(
      changesQuery({ ...request, beforeTransaction: transaction }),
    );
    const changes = rows.map((row) => ({
      position: { transaction: row.transaction, id: row.id },
      item: rowToDriftItem(row),
    }));
    return { changes, readTo: { transaction, id: 0 }, isBehind };
  }

  async #horizon(): Promise<{ transaction: string; isBehind: boolean }> {
    const { rows } = await this.#pool.query<{ transaction: string; isBehind: boolean }>(horizonQuery);
    if (!rows[0]) throw new Error('a select without from gives one row');
    return rows[0];
  }
}
