import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

const retryMs = 50;

/**
 * One holder per key: within this process by a queue of waiters, between processes by PostgreSQL advisory locks. All
 * locks of a process live in one session, so holding many costs one connection, and a killed process frees them at once.
 */
export class KeyLocks {
  readonly #connectionString: string;
  readonly #onError: (error: Error) => void;
  readonly #tails = new Map<string, Promise<void>>();
  #session: Promise<pg.Client> | undefined;
  #spoken: Promise<void> = Promise.resolve();

  constructor(options: { connectionString: string; onError: (error: Error) => void }) {
    this.#connectionString = options.connectionString;
    this.#onError = options.onError;
  }

  async withKey<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    let release = (): void => {};
    const tail = before.then(() => new Promise<void>((done) => (release = done)));
    this.#tails.set(key, tail);
    await before;
    try {
      const session = await this.#lock(key);
      try {
        return await work();
      } finally {
        // When the session is gone, so is the lock.
        await this.#say(session, `select pg_advisory_unlock(hashtextextended($1, 7707003)) as done`, key).catch(
          () => {},
        );
      }
    } finally {
      release();
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    }
  }

  async close(): Promise<void> {
    const session = await this.#session?.catch(() => undefined);
    this.#session = undefined;
    await session?.end().catch(() => {});
  }

  async #lock(key: string): Promise<pg.Client> {
    for (;;) {
      const session = await this.#open();
      if (await this.#say(session, `select pg_try_advisory_lock(hashtextextended($1, 7707003)) as done`, key))
        return session;
      // Another process works on this key: rare, and over soon.
      await pause(retryMs);
    }
  }

  /** One statement at a time: a connection does not take the next before it has answered the last. */
  #say(session: pg.Client, statement: string, key: string): Promise<boolean> {
    const answer = this.#spoken.then(async () => {
      const { rows } = await session.query<{ done: boolean }>(statement, [key]);
      return rows[0]?.done === true;
    });
    this.#spoken = answer.then(
      () => {},
      () => {},
    );
    return answer;
  }

  #open(): Promise<pg.Client> {
    this.#session ??= this.#connect();
    return this.#session;
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.#connectionString,
      keepAlive: true,
      application_name: 'fairlead locks',
    });
    const forget = () => {
      this.#session = undefined;
    };
    client.on('error', (error) => {
      forget();
      this.#onError(error);
    });
    client.on('end', forget);
    try {
      await client.connect();
      return client;
    } catch (error) {
      forget();
      throw error;
    }
  }
}
