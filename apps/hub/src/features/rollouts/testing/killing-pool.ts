import type { Pool, Tx } from '../../../platform/database/pool.ts';

export class Killed extends Error {}

/**
 * A pool whose process is killed at the n-th statement: before it runs, or after it ran and its answer is lost. The
 * connection goes with the process, so the server rolls back what was not committed.
 */
export function killingPool(pool: Pool, at: { statement: number; after: boolean }): { pool: Pool; count(): number } {
  let count = 0;
  const connect = async (): Promise<Tx> => {
    const tx = await pool.connect();
    const query = tx.query.bind(tx) as (...parameters: unknown[]) => Promise<unknown>;
    const counted = async (...parameters: unknown[]) => {
      count += 1;
      if (count < at.statement) return query(...parameters);
      if (count === at.statement && at.after) await query(...parameters);
      throw new Killed();
    };
    return new Proxy(tx, {
      get: (target, name) => {
        if (name === 'query') return counted;
        if (name === 'release') return () => tx.release(count >= at.statement);
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  };
  const killing = new Proxy(pool, {
    get: (target, name) => (name === 'connect' ? connect : (Reflect.get(target, name, target) as unknown)),
  });
  return { pool: killing, count: () => count };
}
