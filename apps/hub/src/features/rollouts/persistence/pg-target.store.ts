import sql from 'sql-template-tag';
import { z } from 'zod';
import { appendLedger } from '../../../platform/database/ledger-rows.ts';
import { signal } from '../../../platform/database/outbox.ts';
import { inTransaction, type Pool } from '../../../platform/database/pool.ts';
import type { TargetStore } from '../application/target.store.ts';

const PruneHold = z.object({
  reason: z.string(),
  hash: z.string(),
  count: z.number(),
  objects: z.array(z.string()),
});

export class PgTargetStore implements TargetStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  confirmPrune(request: Parameters<TargetStore['confirmPrune']>[0]): ReturnType<TargetStore['confirmPrune']> {
    const { app, cluster, hash, reason, by } = request;
    return inTransaction(this.#pool, async (tx) => {
      const { rows } = await tx.query<{ app_id: number; cluster_id: number; counter: number; prune_hold: unknown }>(sql`
        select n.app_id, n.cluster_id, n.counter, case when st.counter = n.counter then st.prune_hold end as prune_hold
        from assignments n
        join apps a on a.id = n.app_id and a.name = ${app}
        join clusters c on c.id = n.cluster_id and c.name = ${cluster}
        left join target_status st on st.app_id = n.app_id and st.cluster_id = n.cluster_id
        for update of n`);
      const [target] = rows;
      if (!target) return { outcome: 'no-target' };
      const held = PruneHold.nullable().parse(target.prune_hold);
      if (held?.hash !== hash) return { outcome: 'other', held: held?.hash ?? null };
      await tx.query(sql`
        insert into prune_confirmations (app_id, cluster_id, counter, prune_hash, confirmed_by)
        values (${target.app_id}, ${target.cluster_id}, ${target.counter}, ${hash}, ${by})
        on conflict (app_id, cluster_id) do update set counter = excluded.counter, prune_hash = excluded.prune_hash,
          confirmed_by = excluded.confirmed_by, confirmed_at = now()`);
      await appendLedger(tx, {
        actor: by,
        action: 'target.confirm-prune',
        subject: `target:${app}/${cluster}`,
        outcome: 'done',
        reason,
        details: { hash, counter: target.counter, held: held.reason, count: held.count, objects: held.objects },
      });
      await signal(tx, 'assignments', target.cluster_id);
      return { outcome: 'confirmed' };
    });
  }
}
