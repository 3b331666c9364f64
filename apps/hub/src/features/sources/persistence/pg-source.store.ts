import sql, { type Sql } from 'sql-template-tag';
import type { Source } from '@fairlead/shared/contracts';
import type { SourceId } from '@fairlead/shared/kernel';
import { appendLedger } from '../../../platform/database/ledger-rows.ts';
import { remind } from '../../../platform/database/outbox.ts';
import { inTransaction, type Pool, type Tx } from '../../../platform/database/pool.ts';
import type { FollowedSource, NewHead, NewSource, SourceStore } from '../application/source.store.ts';

interface SourceRow {
  id: SourceId;
  name: string;
  url: string;
  ref: string;
  poll_interval_seconds: number;
  state: Source['state'];
  reason: string | null;
  since: Date;
  head_commit: string | null;
  head_subject: string | null;
  fetched_at: Date | null;
}

const sources: Sql = sql`
  select s.id, s.name, s.url, s.ref, s.poll_interval_seconds, s.state, s.reason, s.since, s.head_commit, s.fetched_at,
    c.subject as head_subject
  from sources s left join source_commits c on c.source_id = s.id and c.commit = s.head_commit`;

// Deliveries are remembered longer than any sender repeats one.
const deliveryMemory = '7 days';

export class PgSourceStore implements SourceStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  add(source: NewSource, actor: string): Promise<Source | null> {
    return inTransaction(this.#pool, async (tx) => {
      const { rows } = await tx.query<{ id: SourceId }>(sql`
        insert into sources (name, url, ref, poll_interval_seconds, webhook_secret_sealed)
        values (${source.name}, ${source.url}, ${source.ref}, ${source.pollIntervalSeconds}, ${source.webhookSecretSealed})
        on conflict (name) do nothing returning id`);
      const [added] = rows;
      if (!added) return null;
      await remind(tx, 'fetch-source', added.id);
      await appendLedger(tx, {
        actor,
        action: 'source.add',
        subject: `source:${source.name}`,
        outcome: 'done',
        details: { url: source.url, ref: source.ref },
      });
      const { rows: found } = await tx.query<SourceRow>(sql`${sources} where s.id = ${added.id}`);
      return found[0] ? rowToSource(found[0]) : null;
    });
  }

  async list({ afterName, limit }: { afterName: string | null; limit: number }): Promise<Source[]> {
    const { rows } = await this.#pool.query<SourceRow>(
      sql`${sources} where s.name > ${afterName ?? ''} order by s.name limit ${limit}`,
    );
    return rows.map(rowToSource);
  }

  async find(name: string): Promise<Source | null> {
    const { rows } = await this.#pool.query<SourceRow>(sql`${sources} where s.name = ${name}`);
    return rows[0] ? rowToSource(rows[0]) : null;
  }

  async findFollowed(id: SourceId): Promise<FollowedSource | null> {
    const { rows } = await this.#pool.query<SourceRow>(sql`${sources} where s.id = ${id}`);
    const [row] = rows;
    if (!row) return null;
    const { name, url, ref, state, reason } = row;
    return { id, name, url, ref, state, reason, headCommit: row.head_commit };
  }

  async findByNameForHook(name: string): Promise<{ id: SourceId; webhookSecretSealed: string | null } | null> {
    const { rows } = await this.#pool.query<{ id: SourceId; webhookSecretSealed: string | null }>(
      sql`select id, webhook_secret_sealed as "webhookSecretSealed" from sources where name = ${name}`,
    );
    return rows[0] ?? null;
  }

  requestFetch(name: string, actor: string): Promise<boolean> {
    return inTransaction(this.#pool, async (tx) => {
      const { rows } = await tx.query<{ id: SourceId }>(sql`select id from sources where name = ${name}`);
      const [source] = rows;
      if (!source) return false;
      await remind(tx, 'fetch-source', source.id);
      await appendLedger(tx, { actor, action: 'source.sync', subject: `source:${name}`, outcome: 'done' });
      return true;
    });
  }

  acceptDelivery(source: SourceId, deliveryId: string): Promise<boolean> {
    return inTransaction(this.#pool, async (tx) => {
      const { rowCount } = await tx.query(sql`
        insert into webhook_deliveries (source_id, delivery_id) values (${source}, ${deliveryId}) on conflict do nothing`);
      if (!rowCount) return false;
      await tx.query(sql`
        delete from webhook_deliveries where source_id = ${source} and received_at < now() - ${deliveryMemory}::interval`);
      await remind(tx, 'fetch-source', source);
      return true;
    });
  }

  async recordRefusedDelivery(name: string, reason: string): Promise<void> {
    await inTransaction(this.#pool, (tx) =>
      appendLedger(tx, {
        actor: 'anonymous',
        action: 'source.webhook',
        subject: `source:${name}`,
        outcome: 'refused',
        reason,
      }),
    );
  }

  async recordHead(source: SourceId, head: NewHead): Promise<void> {
    await inTransaction(this.#pool, async (tx) => {
      const before = await lockSource(tx, source);
      if (!before) return;
      await tx.query(sql`
        update sources set state = 'ok', reason = null, since = case when state = 'ok' then since else now() end,
          head_commit = ${head.commit}, fetched_at = now(), version = version + 1
        where id = ${source}`);
      if (before.state === 'degraded') {
        await appendLedger(tx, {
          actor: 'hub',
          action: 'source.recover',
          subject: `source:${before.name}`,
          outcome: 'done',
        });
      }
      if (before.head_commit === head.commit) return;
      await tx.query(sql`
        insert into source_commits (source_id, commit, author, subject, committed_at)
        values (${source}, ${head.commit}, ${head.author}, ${head.subject}, to_timestamp(${head.committedAtMs / 1000}))
        on conflict (source_id, commit) do update set processed_at = null`);
      await remind(tx, 'read-commit', source);
      await appendLedger(tx, {
        actor: 'hub',
        action: 'source.commit',
        subject: `source:${before.name}`,
        outcome: 'done',
        reason: head.rewritten ? 'history was rewritten' : null,
        details: { commit: head.commit, previous: before.head_commit, author: head.author },
      });
    });
  }

  async recordDegraded(source: SourceId, reason: string): Promise<void> {
    await inTransaction(this.#pool, async (tx) => {
      const before = await lockSource(tx, source);
      if (!before) return;
      // `since` tells how long it has been degraded, whatever the reason was in between.
      await tx.query(sql`
        update sources set state = 'degraded', reason = ${reason}, fetched_at = now(), version = version + 1,
          since = case when state = 'degraded' then since else now() end
        where id = ${source}`);
      if (before.state === 'degraded' && before.reason === reason) return;
      await appendLedger(tx, {
        actor: 'hub',
        action: 'source.degrade',
        subject: `source:${before.name}`,
        outcome: 'done',
        reason,
      });
    });
  }

  async listDue(): Promise<SourceId[]> {
    const { rows } = await this.#pool.query<{ id: SourceId }>(sql`
      select id from sources
      where fetched_at is null or fetched_at + poll_interval_seconds * interval '1 second' <= now()
      order by id`);
    return rows.map(({ id }) => id);
  }
}

async function lockSource(
  tx: Tx,
  source: SourceId,
): Promise<{ name: string; state: string; reason: string | null; head_commit: string | null } | undefined> {
  const { rows } = await tx.query<{ name: string; state: string; reason: string | null; head_commit: string | null }>(
    sql`select name, state, reason, head_commit from sources where id = ${source} for update`,
  );
  return rows[0];
}

function rowToSource(row: SourceRow): Source {
  return {
    id: row.id,
    name: row.name,
    url: row.url,
    ref: row.ref,
    pollIntervalSeconds: row.poll_interval_seconds,
    state: row.state,
    reason: row.reason,
    since: row.since.toISOString(),
    commit: row.head_commit,
    commitSubject: row.head_subject,
    fetchedAt: row.fetched_at?.toISOString() ?? null,
  };
}
