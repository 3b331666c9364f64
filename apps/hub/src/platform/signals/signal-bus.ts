import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { LocalSignals } from './local-signals.ts';

/** Carries signals between the processes of one hub. */
export interface SignalTransport {
  publish(message: string): Promise<void>;
  /** Starts to hear what others publish (and possibly oneself). */
  subscribe(hear: (message: string) => void): Promise<void>;
  close(): Promise<void>;
}

const Message = z.object({ topic: z.string(), key: z.string(), from: z.string() });

/**
 * Signals of all replicas. This process hears its own at once and without the transport, so that nothing in the way
 * of a rollout waits for a round trip, and a broken transport only slows other replicas down.
 */
export class SignalBus extends LocalSignals {
  readonly #transport: SignalTransport;
  readonly #self = randomUUID();

  constructor(transport: SignalTransport) {
    super();
    this.#transport = transport;
  }

  async start(): Promise<void> {
    await this.#transport.subscribe((text) => {
      const message = Message.safeParse(JSON.parse(text));
      if (message.success && message.data.from !== this.#self) this.hear(message.data.topic, message.data.key);
    });
  }

  async publish(topic: string, key: string): Promise<void> {
    this.hear(topic, key);
    await this.#transport.publish(JSON.stringify({ topic, key, from: this.#self }));
  }

  async close(): Promise<void> {
    await this.#transport.close();
  }
}
