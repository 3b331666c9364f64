import pg from 'pg';
import type { Pool } from '../database/pool.ts';
import type { SignalTransport } from './signal-bus.ts';

const channel = 'fairlead_signals';
const reconnectMs = 500;

/** LISTEN/NOTIFY. The listening connection is rebuilt when it breaks; what was said meanwhile is lost, as signals may be. */
export class PostgresTransport implements SignalTransport {
  readonly #pool: Pool;
  readonly #connectionString: string;
  readonly #onError: (error: Error) => void;
  #client: pg.Client | undefined;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: { pool: Pool; connectionString: string; onError: (error: Error) => void }) {
    this.#pool = options.pool;
    this.#connectionString = options.connectionString;
    this.#onError = options.onError;
  }

  async publish(message: string): Promise<void> {
    await this.#pool.query(`select pg_notify($1, $2)`, [channel, message]);
  }

  async subscribe(hear: (message: string) => void): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#connectionString,
      keepAlive: true,
      application_name: 'fairlead signals',
    });
    let isLost = false;
    const lose = (error?: Error) => {
      if (isLost) return;
      isLost = true;
      if (error && !this.#closed) this.#onError(error);
      void client.end().catch(() => {});
      if (!this.#closed) this.#retry = setTimeout(() => void this.subscribe(hear).catch(() => {}), reconnectMs);
    };
    client.on('error', lose);
    client.on('end', () => lose());
    client.on('notification', (notification) => hear(notification.payload ?? ''));
    try {
      await client.connect();
      await client.query(`listen ${channel}`);
      this.#client = client;
      // Closed while it was connecting.
      if (this.#closed) await client.end();
    } catch (error) {
      lose(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    await this.#client?.end().catch(() => {});
  }
}
