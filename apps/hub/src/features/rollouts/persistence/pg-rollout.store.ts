import sql from 'sql-template-tag';
import { appendLedger } from '../../../platform/database/ledger-rows.ts';
import { remind } from '../../../platform/database/outbox.ts';
import { inTransaction, type Pool } from '../../../platform/database/pool.ts';
import { groupNotFound } from '../application/rollout.errors.ts';
import type { LockedGroup, RolloutStore } from '../application/rollout.store.ts';
import { PgLockedGroup } from './pg-locked-group.ts';
import { openStates } from './read-rollout.ts';

/** First key of the advisory lock that makes one worker at a time work on a group; the second is the group's id. */
const groupLock = 7_707_101;

export class PgRolloutStore implements RolloutStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  inGroup<T>(group: { id: number } | { name: string }, work: (group: LockedGroup) => Promise<T>): Promise<T> {
    const key = 'id' in group ? sql`id = ${group.id}` : sql`name = ${group.name}`;
    return inTransaction(this.#pool, async (tx) => {
      const { rows } = await tx.query<{ id: number; name: string }>(sql`select id, name from app_groups where ${key}`);
      const [found] = rows;
      if (!found) throw groupNotFound('id' in group ? group.id : group.name);
      // Not a row lock: readers and the sources that number releases must not wait for a decision.
      await tx.query(sql`select pg_advisory_xact_lock(${groupLock}, ${found.id}::integer)`);
      return work(new PgLockedGroup(tx, found));
    });
  }

  async remindGroup(groupId: number): Promise<void> {
    await inTransaction(this.#pool, (tx) => remind(tx, 'advance-group', groupId));
  }

  async findGroupOfRollout(rolloutId: number): Promise<number | null> {
    const { rows } = await this.#pool.query<{ group_id: number }>(sql`
      select group_id from rollouts where id = ${rolloutId}`);
    return rows[0]?.group_id ?? null;
  }

  async listGroupsWithWork(): Promise<number[]> {
    const { rows } = await this.#pool.query<{ id: number }>(sql`
      select group_id as id from rollouts where state = any(${openStates})
      union
      select g.id from app_groups g
      where g.blocked is null and exists (
        select from releases r where r.group_id = g.id and r.state = 'ready'
          and not exists (select from rollouts o where o.release_id = r.id)
          and not exists (select from releases n where n.group_id = g.id and n.state = 'ready' and n.number > r.number))`);
    return rows.map((row) => row.id);
  }

  async recordRefusal(refusal: { actor: string; action: string; subject: string; reason: string }): Promise<void> {
    await inTransaction(this.#pool, (tx) => appendLedger(tx, { ...refusal, outcome: 'refused' }));
  }
}
