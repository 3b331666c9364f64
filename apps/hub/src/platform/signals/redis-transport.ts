import { Redis } from 'ioredis';
import type { SignalTransport } from './signal-bus.ts';

/** Redis publish/subscribe; ioredis reconnects and subscribes again by itself. */
export class RedisTransport implements SignalTransport {
  readonly #publisher: Redis;
  readonly #subscriber: Redis;
  readonly #channel: string;

  constructor(options: { url: string; prefix: string; onError: (error: Error) => void }) {
    const connect = () =>
      new Redis(options.url, { maxRetriesPerRequest: null, enableOfflineQueue: true, lazyConnect: true }).on(
        'error',
        options.onError,
      );
    this.#publisher = connect();
    this.#subscriber = connect();
    this.#channel = `${options.prefix}:signals`;
  }

  async publish(message: string): Promise<void> {
    await this.#publisher.publish(this.#channel, message);
  }

  async subscribe(hear: (message: string) => void): Promise<void> {
    this.#subscriber.on('message', (_channel: string, message: string) => hear(message));
    await this.#subscriber.subscribe(this.#channel);
  }

  async close(): Promise<void> {
    this.#publisher.disconnect();
    this.#subscriber.disconnect();
  }
}
