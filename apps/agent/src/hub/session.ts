import WebSocket from 'ws';
import { CodedError } from '@fairlead/shared/kernel';
import type { AssignMessage, HelloMessage, WelcomeMessage } from '@fairlead/shared/contracts';
import { jitteredBackoffMs, pause } from '../kube/pause.ts';
import { errorFields } from '../logger.ts';
import type { Logger } from '../logger.ts';
import type { AccessTokens } from './access-token.ts';
import type { HubHttp } from './hub-http.ts';
import type { Report } from './report-buffer.ts';
import { ReportBuffer } from './report-buffer.ts';
import { agentProtocol, readHubMessage, writeAgentMessage } from './wire.ts';

export interface SessionHandler {
  hello(): Omit<HelloMessage, 'type' | 'protocolVersion'>;
  welcome(message: WelcomeMessage): void;
  assign(message: AssignMessage): void;
}

export interface SessionOptions {
  readonly hub: HubHttp;
  readonly tokens: AccessTokens;
  readonly handler: SessionHandler;
  readonly log: Logger;
  readonly ca: string | null;
}

const frameLimitBytes = 8 * 1024 * 1024;
const backoff = { firstMs: 1000, mostMs: 60_000 };
const missedHeartbeats = 3;
// A hub that stops with many agents on it sends all of them away at once: they must not come back at once.
const spreadMs = 60_000;

/** The one connection to the hub: opened outwards, kept alive, opened again for ever. Reports wait here while it is down. */
export class HubSession {
  readonly #options: SessionOptions;
  readonly #reports = new ReportBuffer();
  #socket: WebSocket | null = null;
  #welcomed = false;
  #flushPlanned = false;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  get connected(): boolean {
    return this.#welcomed;
  }

  /** Queues a report; it is sent with others of the same turn, and again until the hub confirms it. */
  report(report: Report): void {
    this.#reports.add(report);
    if (this.#flushPlanned) return;
    this.#flushPlanned = true;
    setImmediate(() => {
      this.#flushPlanned = false;
      this.#flush();
    });
  }

  /** Connects, and reconnects whenever the connection is lost, until the signal says so. */
  async run(signal: AbortSignal): Promise<void> {
    let refusals = 0;
    for (let attempt = 0; !signal.aborted;) {
      let waitMs: number;
      try {
        const lived = await this.#connectOnce(signal);
        this.#options.log.info('session ended', { code: lived.code });
        attempt = lived.welcomed ? 0 : attempt + 1;
        if (lived.welcomed) refusals = 0;
        waitMs = lived.tryAgainLater ? Math.random() * spreadMs : waitAfter(attempt);
      } catch (error) {
        if (signal.aborted) return;
        attempt += 1;
        const refused = error instanceof CodedError && error.kind === 'denied';
        refusals = refused ? refusals + 1 : 0;
        // A token may have grown old while the hub was away; only when a new one is refused too, the key is not wanted.
        waitMs = refusals > 2 ? 30_000 + Math.random() * 30_000 : waitAfter(attempt);
        this.#options.log.warn(refused ? 'the hub refused this agent' : 'no session', {
          ...errorFields(error),
          waitMs: Math.round(waitMs),
        });
      }
      if (signal.aborted) return;
      await pause(waitMs, signal).catch(() => undefined);
    }
  }

  async #connectOnce(signal: AbortSignal): Promise<{ code: number; welcomed: boolean; tryAgainLater: boolean }> {
    const { hub, tokens, ca } = this.#options;
    const token = await tokens.get(signal);
    const url = hub.url('/agent/v1/session');
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url, agentProtocol.subprotocol, {
      headers: { authorization: `Bearer ${token}` },
      perMessageDeflate: false,
      maxPayload: frameLimitBytes,
      handshakeTimeout: 10_000,
      ...(ca === null ? {} : { ca }),
    });
    const onAbort = () => {
      socket.close(1001);
      setTimeout(() => {
        socket.terminate();
      }, 500).unref();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await this.#live(socket);
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#socket = null;
      this.#welcomed = false;
    }
  }

  #live(socket: WebSocket): Promise<{ code: number; welcomed: boolean; tryAgainLater: boolean }> {
    return new Promise((resolve, reject) => {
      let heartbeat: NodeJS.Timeout | undefined;
      let missed = 0;
      const alive = () => {
        missed = 0;
      };
      socket.on('pong', alive);
      socket.on('ping', alive);
      socket.on('open', () => {
        this.#socket = socket;
        const protocolVersion = { major: agentProtocol.major, minor: agentProtocol.minor };
        socket.send(writeAgentMessage({ type: 'hello', protocolVersion, ...this.#options.handler.hello() }));
      });
      socket.on('message', (frame: Buffer) => {
        alive();
        const welcome = this.#receive(socket, frame.toString('utf8'));
        if (welcome === null) return;
        clearInterval(heartbeat);
        heartbeat = setInterval(
          () => {
            missed += 1;
            if (missed > missedHeartbeats) socket.terminate();
            else if (socket.readyState === WebSocket.OPEN) socket.ping();
          },
          welcome.heartbeatIntervalMs * (0.9 + Math.random() * 0.2),
        );
        heartbeat.unref();
      });
      socket.on('unexpected-response', (request, answer) => {
        request.destroy();
        if (answer.statusCode === 401) this.#options.tokens.forget();
        const denied = answer.statusCode === 401 || answer.statusCode === 403;
        reject(
          new CodedError(
            denied ? { code: 'hub.refused', kind: 'denied' } : { code: 'hub.unavailable', kind: 'unavailable' },
            'the hub did not open a session',
            { status: answer.statusCode },
          ),
        );
      });
      socket.on('error', (error) => {
        reject(
          new CodedError({ code: 'hub.unreachable', kind: 'unavailable' }, 'the session failed', {}, { cause: error }),
        );
      });
      socket.on('close', (code) => {
        clearInterval(heartbeat);
        const welcomed = this.#welcomed;
        this.#welcomed = false;
        // A policy close means that the token or the key is not good any more.
        if (code === 1008 || code >= 4000) this.#options.tokens.forget();
        resolve({ code, welcomed, tryAgainLater: code === 1013 });
      });
    });
  }

  #receive(socket: WebSocket, frame: string): WelcomeMessage | null {
    const read = readHubMessage(frame);
    if (read.kind === 'unknown') {
      socket.send(writeAgentMessage({ type: 'unsupported', receivedType: read.type }));
      return null;
    }
    if (read.kind === 'broken') {
      this.#options.log.warn('the hub sent a message outside the contract', { problem: read.problem });
      return null;
    }
    const { message } = read;
    switch (message.type) {
      case 'welcome':
        this.#reports.beginEpoch(message.epoch);
        this.#welcomed = true;
        this.#options.handler.welcome(message);
        this.#flush();
        return message;
      case 'assign':
        this.#options.handler.assign(message);
        return null;
      case 'received':
        this.#reports.confirm(message.epoch, message.report);
        return null;
      case 'unsupported':
        this.#options.log.warn('the hub does not know a message of ours', { receivedType: message.receivedType });
        return null;
    }
  }

  #flush(): void {
    if (!this.#welcomed || this.#socket?.readyState !== WebSocket.OPEN) return;
    for (const message of this.#reports.takeUnsent()) this.#socket.send(writeAgentMessage(message));
  }
}

/** The first try comes soon: most breaks are a hub that restarts. */
function waitAfter(attempt: number): number {
  return attempt <= 1 ? 100 + Math.random() * 200 : jitteredBackoffMs(attempt - 2, backoff);
}
