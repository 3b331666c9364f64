import { EventEmitter } from 'node:events';
import { onceCommitted, type Tx } from './pool.ts';

/** Queues hold reminders only: what there is to do is in the tables, the key says where to look. */
export type QueueName = 'fetch-source' | 'read-commit' | 'advance-group' | 'seal-ledger';

/** Hints to other replicas; a lost one is covered by a slow poll of whoever listens. */
export type SignalTopic = 'assignments' | 'cluster-revoked' | 'rollout-events' | 'drift-events';

/** Emits `written` in this process right after a transaction with effects has committed. */
export const outboxBell = new EventEmitter();

/** Wants a queue worker to look at `key` once this transaction has committed. */
export async function remind(tx: Tx, queue: QueueName, key: string | number): Promise<void> {
  await tx.query(`insert into outbox (effect, payload) values ('reminder', $1)`, [
    JSON.stringify({ queue, key: String(key) }),
  ]);
  onceCommitted(tx, ring);
}

/** Wants every replica that listens to `topic` to hear `key` once this transaction has committed. */
export async function signal(tx: Tx, topic: SignalTopic, key: string | number): Promise<void> {
  await tx.query(`insert into outbox (effect, payload) values ('signal', $1)`, [
    JSON.stringify({ topic, key: String(key) }),
  ]);
  onceCommitted(tx, ring);
}

function ring(): void {
  outboxBell.emit('written');
}
