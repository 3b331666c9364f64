import sql, { empty, join, type Sql } from 'sql-template-tag';
import { parseExactJson } from '@fairlead/manifests';
import type { LedgerEntry } from '@fairlead/shared/contracts';
import { inTransaction, type Pool, type Tx } from '../../../platform/database/pool.ts';
import type { LedgerFilter, LedgerStore } from '../application/ledger.store.ts';
import { emptyChain, type ChainHead, type LedgerContent, type Seal, type SealedEntry } from '../domain/seal-chain.ts';

interface EntryRow {
  id: number;
  at: string;
  actor: string;
  action: string;
  subject: string;
  outcome: 'done' | 'refused';
  reason: string | null;
  details: string;
}

interface SealRow {
  seq: number;
  entry_id: number;
  prev_hash: string;
  hash: string;
}

// As text: a Date would lose the microseconds, a parsed number digits beyond 2^53, and both are part of the hash.
const columns = sql`l.id, to_char(l.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, l.actor, l.action,
  l.subject, l.outcome, l.reason, l.details::text as details`;

const isUnsealed = sql`not exists (select from ledger_seals s where s.entry_id = l.id)`;

export class PgLedgerStore implements LedgerStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async list(page: { filter: LedgerFilter; beforeId: number | null; limit: number }): Promise<LedgerEntry[]> {
    const { rows } = await this.#pool.query<EntryRow & { hash: string | null }>(listQuery(page));
    return rows.map((row) => {
      const { details, ...entry } = rowToContent(row);
      // What the hub wrote into details has no integers beyond 2^53; JSON.parse gives the contract's JSON.
      return { ...entry, details: JSON.parse(row.details) as LedgerEntry['details'], hash: row.hash };
    });
  }

  sealBatch(
    batch: { aboveId: number; limit: number },
    seal: (head: ChainHead, entries: LedgerContent[]) => Seal[],
  ): Promise<number[]> {
    return inTransaction(this.#pool, async (tx) => {
      await tx.query(sql`select pg_advisory_xact_lock(hashtext('fairlead.seal-ledger'))`);
      // The anti-join sees what has committed by now. An entry with a smaller id may commit later: it is sealed then, so
      // `seq` is the order of sealing and not of ids.
      const { rows } = await tx.query<EntryRow>(sql`
        select ${columns} from ledger l where l.id > ${batch.aboveId} and ${isUnsealed} order by l.id limit ${batch.limit}`);
      if (rows.length === 0) return [];
      const seals = seal(await readHead(tx), rows.map(rowToContent));
      await insertSeals(tx, seals);
      return seals.map(({ entryId }) => entryId);
    });
  }

  async readSeals({ afterSeq, limit }: { afterSeq: number; limit: number }): Promise<SealedEntry[]> {
    const { rows } = await this.#pool.query<SealRow & { [key in keyof EntryRow]: EntryRow[key] | null }>(sql`
      select s.seq, s.entry_id, s.prev_hash, s.hash, ${columns}
      from ledger_seals s left join ledger l on l.id = s.entry_id
      where s.seq > ${afterSeq} order by s.seq limit ${limit}`);
    return rows.map((row) => ({
      seal: { seq: row.seq, entryId: row.entry_id, prevHash: row.prev_hash, hash: row.hash },
      entry: row.id === null ? null : rowToContent(row as EntryRow),
    }));
  }

  async countUnsealed(): Promise<number> {
    const { rows } = await this.#pool.query<{ count: number }>(
      sql`select count(*) as count from ledger l where ${isUnsealed}`,
    );
    return rows[0]?.count ?? 0;
  }

  async hasUnsealed(): Promise<boolean> {
    const { rows } = await this.#pool.query<{ any: boolean }>(
      sql`select exists (select from ledger l where ${isUnsealed}) as any`,
    );
    return rows[0]?.any === true;
  }
}

/** Exported for the check that it is answered from an index. */
export function listQuery(page: { filter: LedgerFilter; beforeId: number | null; limit: number }): Sql {
  const { filter, beforeId, limit } = page;
  const conditions = [
    filter.subject === undefined ? null : sql`l.subject = ${filter.subject}`,
    filter.actor === undefined ? null : sql`l.actor = ${filter.actor}`,
    filter.action === undefined ? null : sql`l.action = ${filter.action}`,
    filter.outcome === undefined ? null : sql`l.outcome = ${filter.outcome}`,
    beforeId === null ? null : sql`l.id < ${beforeId}`,
  ].filter((condition) => condition !== null);
  const where = conditions.length === 0 ? empty : sql`where ${join(conditions, ' and ')}`;
  return sql`
    select ${columns}, s.hash from ledger l left join ledger_seals s on s.entry_id = l.id
    ${where} order by l.id desc limit ${limit}`;
}

async function readHead(tx: Tx): Promise<ChainHead> {
  const { rows } = await tx.query<ChainHead>(sql`select seq, hash from ledger_seals order by seq desc limit 1`);
  return rows[0] ?? emptyChain;
}

async function insertSeals(tx: Tx, seals: readonly Seal[]): Promise<void> {
  await tx.query(sql`
    insert into ledger_seals (seq, entry_id, prev_hash, hash)
    select seq, entry_id, prev_hash, hash
    from unnest(${seals.map((s) => s.seq)}::bigint[], ${seals.map((s) => s.entryId)}::bigint[],
      ${seals.map((s) => s.prevHash)}::text[], ${seals.map((s) => s.hash)}::text[]) as t (seq, entry_id, prev_hash, hash)`);
}

function rowToContent(row: EntryRow): LedgerContent {
  return {
    id: row.id,
    at: row.at,
    actor: row.actor,
    action: row.action,
    subject: row.subject,
    outcome: row.outcome,
    reason: row.reason,
    details: parseExactJson(row.details),
  };
}
