import { remind } from './outbox.ts';
import type { Tx } from './pool.ts';

export interface LedgerRow {
  /** Principal name, `cluster:<name>` or `hub`. */
  actor: string;
  /** Dotted verb: `rollout.start`. */
  action: string;
  /** What it was done to: `rollout:12`, `cluster:eu-1`. */
  subject: string;
  outcome: 'done' | 'refused';
  reason?: string | null;
  /** No secrets. */
  details?: Record<string, unknown>;
}

/** Writes a decision or refusal in the transaction that makes it; the sealer chains it after commit. */
export async function appendLedger(tx: Tx, row: LedgerRow): Promise<void> {
  await tx.query(
    `insert into ledger (actor, action, subject, outcome, reason, details) values ($1, $2, $3, $4, $5, $6)`,
    [row.actor, row.action, row.subject, row.outcome, row.reason ?? null, JSON.stringify(row.details ?? {})],
  );
  await remind(tx, 'seal-ledger', 'ledger');
}
