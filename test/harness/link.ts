import { createServer, type Server, type Socket, connect } from 'node:net';
import { pipeSlowly } from './slow-pipe.ts';

export interface LinkOptions {
  readonly targetPort: number;
  readonly targetHost?: string;
}

/**
 * A network path that tests can break: a loopback TCP proxy in front of a server. Point the client at `port`.
 *
 * - `cut()`: every connection is reset and new ones are refused the same way: a firewall that rejects.
 * - `halfOpen()`: connections stay and nothing passes in either direction, new ones included: a peer that vanished.
 * - `delay(ms)`: every byte arrives that much later, in order.
 * - `heal()`: everything passes again at once. What was held back while half-open arrives then, as TCP would resend it.
 */
export class Link {
  readonly port: number;
  readonly #server: Server;
  readonly #pairs = new Set<ConnectionPair>();
  readonly #target: { readonly host: string; readonly port: number };
  #state: 'open' | 'cut' | 'half-open' = 'open';
  #delayMs = 0;

  constructor(server: Server, port: number, target: { readonly host: string; readonly port: number }) {
    this.#server = server;
    this.port = port;
    this.#target = target;
    server.on('connection', (client) => this.#accept(client));
  }

  /** Connections that pass through the link now. */
  get connectionCount(): number {
    return this.#pairs.size;
  }

  cut(): void {
    this.#state = 'cut';
    for (const pair of this.#pairs) pair.reset();
  }

  halfOpen(): void {
    this.#state = 'half-open';
  }

  heal(): void {
    this.#state = 'open';
    this.#delayMs = 0;
    for (const pair of this.#pairs) pair.resume();
  }

  delay(ms: number): void {
    this.#delayMs = ms;
  }

  async close(): Promise<void> {
    for (const pair of this.#pairs) pair.reset();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #accept(client: Socket): void {
    if (this.#state === 'cut') {
      client.on('error', () => undefined);
      client.resetAndDestroy();
      return;
    }
    const pair = new ConnectionPair(client, connect({ ...this.#target, allowHalfOpen: true }), {
      isHeld: () => this.#state === 'half-open',
      delayMs: () => this.#delayMs,
      onClosed: () => this.#pairs.delete(pair),
    });
    this.#pairs.add(pair);
  }
}

/** Opens a link to a loopback server; its port is free and stays the same until `close()`. */
export function startLink(options: LinkOptions): Promise<Link> {
  const server = createServer({ allowHalfOpen: true });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') return reject(new Error('the link has no port'));
      resolve(new Link(server, address.port, { host: options.targetHost ?? '127.0.0.1', port: options.targetPort }));
    });
  });
}

interface Conditions {
  readonly isHeld: () => boolean;
  readonly delayMs: () => number;
  readonly onClosed: () => void;
}

class ConnectionPair {
  readonly #sockets: readonly [Socket, Socket];
  readonly #resumes: readonly (() => void)[];

  constructor(client: Socket, upstream: Socket, conditions: Conditions) {
    this.#sockets = [client, upstream];
    this.#resumes = [pipeSlowly(client, upstream, conditions), pipeSlowly(upstream, client, conditions)];
    for (const socket of this.#sockets) {
      socket.setNoDelay(true);
      // A side that breaks takes the other with it, unless the path between them is gone and cannot say so.
      socket.on('error', () => (conditions.isHeld() ? undefined : this.reset()));
      socket.once('close', () => this.#sockets.every((each) => each.destroyed) && conditions.onClosed());
    }
  }

  resume(): void {
    if (this.#sockets.some((socket) => socket.destroyed && socket.errored)) this.reset();
    else for (const resume of this.#resumes) resume();
  }

  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }
}
