import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import pg from 'pg';

const lockClass = 7_707_004;

/** Tells the processes of one hub which of them live: each holds an advisory lock that ends with it, however it ends. */
export class ReplicaPresence {
  /** Another one after every start, so that nothing of an earlier life is mistaken for ours. */
  readonly id = `${hostname()}/${randomUUID().slice(0, 8)}`;
  readonly #connectionString: string;
  readonly #onError: (error: Error) => void;
  #session: Promise<pg.Client> | undefined;
  #closed = false;

  constructor(options: { connectionString: string; onError: (error: Error) => void }) {
    this.#connectionString = options.connectionString;
    this.#onError = options.onError;
  }

  async start(): Promise<void> {
    await this.#open();
  }

  /** Those of `replicas` that live, this one included. */
  async living(replicas: readonly string[]): Promise<string[]> {
    const session = await this.#open();
    const living = [this.id];
    for (const replica of replicas) {
      if (replica === this.id) continue;
      const { rows } = await session.query<{ isFree: boolean }>(
        `select pg_try_advisory_lock($1, hashtext($2)) as "isFree"`,
        [lockClass, replica],
      );
      if (rows[0]?.isFree) await session.query(`select pg_advisory_unlock($1, hashtext($2))`, [lockClass, replica]);
      else living.push(replica);
    }
    return living;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const session = await this.#session?.catch(() => undefined);
    await session?.end().catch(() => {});
  }

  #open(): Promise<pg.Client> {
    this.#session ??= this.#connect();
    return this.#session;
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.#connectionString,
      keepAlive: true,
      application_name: 'fairlead presence',
    });
    const lose = (error?: Error) => {
      this.#session = undefined;
      if (error && !this.#closed) this.#onError(error);
    };
    client.on('error', lose);
    client.on('end', () => lose());
    try {
      await client.connect();
      await client.query(`select pg_advisory_lock($1, hashtext($2))`, [lockClass, this.id]);
      return client;
    } catch (error) {
      lose();
      await client.end().catch(() => {});
      throw error;
    }
  }
}

export const REPLICA_PRESENCE = Symbol('ReplicaPresence');
