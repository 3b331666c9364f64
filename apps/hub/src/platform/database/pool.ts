import pg from 'pg';

// Ids and counters are `bigint` in SQL and stay far below 2^53; anything larger is a bug that must not be rounded silently.
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error(`bigint out of the safe range: ${text}`);
  return value;
});

export type Pool = pg.Pool;
/** A connection inside a transaction. */
export type Tx = pg.PoolClient;
/** What a query needs: the pool, or a connection inside a transaction. */
export type Db = Pick<pg.Pool, 'query'> | pg.PoolClient;

export const PG_POOL = Symbol('PgPool');

/** A pool whose connections may die (server restart) without taking the process along. */
export function createPool(options: {
  connectionString: string;
  max: number;
  onConnectionError: (error: Error) => void;
}): Pool {
  const pool = new pg.Pool({ connectionString: options.connectionString, max: options.max, idleTimeoutMillis: 30_000 });
  pool.on('error', options.onConnectionError);
  // A connection may also die while it is checked out and between two statements; the next statement says so.
  pool.on('connect', (client) => client.on('error', options.onConnectionError));
  return pool;
}

const afterCommit = new WeakMap<Tx, Set<() => void>>();

/** Runs `hook` once after the transaction of `tx` has committed; not at all when it rolls back. */
export function onceCommitted(tx: Tx, hook: () => void): void {
  const hooks = afterCommit.get(tx);
  if (!hooks) throw new Error('onceCommitted needs a connection from inTransaction');
  hooks.add(hook);
}

/** Runs `work` in one transaction: committed when it returns, rolled back when it throws. */
export async function inTransaction<T>(pool: Pool, work: (tx: Tx) => Promise<T>): Promise<T> {
  const tx = await pool.connect();
  const hooks = new Set<() => void>();
  afterCommit.set(tx, hooks);
  let broken: Error | undefined;
  try {
    await tx.query('begin');
    const result = await work(tx);
    await tx.query('commit');
    for (const hook of hooks) hook();
    return result;
  } catch (error) {
    await tx.query('rollback').catch((rollbackError: Error) => {
      broken = rollbackError;
    });
    throw error;
  } finally {
    afterCommit.delete(tx);
    tx.release(broken);
  }
}
