import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import { http, https } from '../node-http.ts';
import { separateGroup } from './api-group.ts';
import { Connections } from './connections.ts';
import type { KubeAccess, KubeEndpoint } from './endpoint.ts';
import { KubeError, noAnswer, readAnswer, unreadable } from './kube-error.ts';
import { RequestGate } from './request-gate.ts';

export interface KubeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query. */
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
  readonly accept?: string;
  readonly signal?: AbortSignal | undefined;
  /** User to act as; null or absent: ourselves. */
  readonly as?: string | null;
}

export interface TransportOptions {
  readonly maxSockets?: number;
  /** Longest silence in the middle of a request. */
  readonly timeoutMs?: number;
}

const answerLimitBytes = 16 * 1024 * 1024;
const throttleRetries = 6;
// Goes also while others wait for a busy server: losing the lease would cost more requests than renewing it.
const urgentPath = '/apis/coordination.k8s.io/';
const socketsPerGroup = 4;

/** Requests over a few kept connections. A 429 makes every request of this client wait, not only the one that met it. */
export class KubeTransport {
  readonly #endpoint: KubeEndpoint;
  readonly #connections: Connections;
  readonly #gate = new RequestGate();
  readonly #timeoutMs: number;
  #lastAnswerAt = performance.now();
  /** Requests sent, by method: what benchmarks and tests count. */
  readonly sent = new Map<string, number>();

  constructor(endpoint: KubeEndpoint, { maxSockets = 20, timeoutMs = 30_000 }: TransportOptions = {}) {
    this.#endpoint = endpoint;
    this.#timeoutMs = timeoutMs;
    this.#connections = new Connections(endpoint.server, { shared: maxSockets, perGroup: socketsPerGroup });
  }

  /** When the server was last heard of, monotonic. */
  get lastAnswerAt(): number {
    return this.#lastAnswerAt;
  }

  /** The server said something; an answer that it cannot work is none. */
  heard(): void {
    this.#lastAnswerAt = performance.now();
  }

  /** The body of a successful answer; anything else is a KubeError. */
  async send({ signal, ...request }: KubeRequest): Promise<string> {
    const group = separateGroup(request.path);
    const isUrgent = request.path.startsWith(urgentPath);
    let refreshed = false;
    let reset = false;
    for (let attempt = 0; ; attempt += 1) {
      if (!isUrgent) await this.#gate.pass(group, signal);
      // Short requests are not cut off half-way: what they did would be unknown. Only the next one is not sent.
      signal?.throwIfAborted();
      try {
        return await this.#once(request, group);
      } catch (error) {
        if (!(error instanceof KubeError)) throw error;
        if (error.failure === 'unauthorized' && !refreshed) {
          refreshed = true;
          this.#endpoint.forget();
        } else if (error.failure === 'throttled' && attempt < throttleRetries) {
          this.#gate.throttled(group, error.status, error.retryAfterMs ?? 1000 * 2 ** attempt);
          if (isUrgent) throw error;
        } else if (error.status === 0 && error.reason === 'ECONNRESET' && !reset && request.method !== 'POST') {
          // A kept connection may have been closed by the server just now. Everything sent here may be repeated.
          reset = true;
        } else {
          throw error;
        }
      }
    }
  }

  /** An answer that goes on for minutes; the caller reads it. */
  async stream(request: KubeRequest): Promise<IncomingMessage> {
    const group = separateGroup(request.path);
    await this.#gate.pass(group, request.signal);
    const access = await this.#endpoint.access();
    const exchange = this.#open(request, access, this.#connections.forStreams(access.tls), group);
    try {
      const answer = await exchange.answer;
      const status = answer.statusCode ?? 0;
      if (status >= 200 && status < 300) return answer;
      if (status === 401) this.#endpoint.forget();
      const error = new KubeError(readAnswer(status, await exchange.body(answer), answer.headers['retry-after']));
      if (error.failure === 'throttled') this.#gate.throttled(group, status, error.retryAfterMs ?? 1000);
      throw error;
    } finally {
      exchange.done();
    }
  }

  close(): void {
    this.#connections.close();
  }

  async #once(request: KubeRequest, group: string | null): Promise<string> {
    const access = await this.#endpoint.access();
    const exchange = this.#open(request, access, this.#connections.for(access.tls, group), group);
    try {
      const answer = await exchange.answer;
      const body = await exchange.body(answer);
      const status = answer.statusCode ?? 0;
      if (status >= 200 && status < 300) return body;
      throw new KubeError(readAnswer(status, body, answer.headers['retry-after']));
    } finally {
      exchange.done();
    }
  }

  #open(request: KubeRequest, access: KubeAccess, agent: Agent, group: string | null): Exchange {
    const { server } = this.#endpoint;
    this.sent.set(request.method, (this.sent.get(request.method) ?? 0) + 1);
    const isTls = server.protocol === 'https:';
    const outgoing = (isTls ? https : http).request({
      agent,
      method: request.method,
      host: server.hostname.replace(/^\[|\]$/g, ''),
      port: server.port || (isTls ? 443 : 80),
      path: server.pathname.replace(/\/$/, '') + request.path,
      ...(request.signal ? { signal: request.signal } : {}),
      headers: headersOf(request, access),
    });
    outgoing.once('response', ({ statusCode = 500 }) => {
      if (statusCode < 500) this.heard();
    });
    const exchange = new Exchange(outgoing, {
      signal: request.signal,
      timeoutMs: this.#timeoutMs,
      onSocket: () => {
        this.#gate.throwIfSilent(group);
      },
      onSilence: () =>
        group === null
          ? noAnswer('the API server does not answer', 'Timeout')
          : this.#gate.fellSilent(group, this.#timeoutMs),
    });
    outgoing.end(request.body);
    return exchange;
  }
}

function headersOf(request: KubeRequest, access: KubeAccess): Record<string, string | number> {
  return {
    accept: request.accept ?? 'application/json',
    'user-agent': 'fairlead-agent',
    ...(access.token === null ? {} : { authorization: `Bearer ${access.token}` }),
    // The server adds the groups of a service account by itself; naming them would need a right for each.
    ...(request.as ? { 'impersonate-user': request.as } : {}),
    ...(request.body === undefined
      ? {}
      : {
          'content-type': request.contentType ?? 'application/json',
          'content-length': Buffer.byteLength(request.body),
        }),
  };
}

/** One request and its answer, under a limit for silence that begins when a connection is there. */
class Exchange {
  readonly answer: Promise<IncomingMessage>;
  readonly #signal: AbortSignal | undefined;
  #timer: NodeJS.Timeout | undefined;
  #silence: KubeError | null = null;

  constructor(
    outgoing: ClientRequest,
    options: {
      signal: AbortSignal | undefined;
      timeoutMs: number;
      onSocket: () => void;
      onSilence: () => KubeError;
    },
  ) {
    this.#signal = options.signal;
    outgoing.once('socket', () => {
      try {
        options.onSocket();
      } catch (error) {
        outgoing.destroy(error as Error);
        return;
      }
      this.#timer = setTimeout(() => {
        this.#silence = options.onSilence();
        outgoing.destroy(this.#silence);
      }, options.timeoutMs);
    });
    this.answer = new Promise((resolve, reject) => {
      outgoing.once('response', resolve);
      outgoing.once('error', (error) => {
        reject(connectionError(error, this.#signal));
      });
    });
  }

  // Events and not an async iterator: this runs for every object.
  body(answer: IncomingMessage): Promise<string> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let size = 0;
      answer.on('data', (chunk: Buffer) => {
        this.#timer?.refresh();
        size += chunk.length;
        chunks.push(chunk);
        if (size > answerLimitBytes) answer.destroy(noAnswer('the answer is too large', unreadable));
      });
      answer.once('end', () => {
        resolve(Buffer.concat(chunks, size).toString('utf8'));
      });
      answer.once('error', (error) => {
        reject(this.#silence ?? connectionError(error, undefined));
      });
      answer.once('close', () => {
        reject(this.#silence ?? noAnswer('the API server broke off', 'ECONNRESET'));
      });
    });
  }

  done(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

function connectionError(error: unknown, signal: AbortSignal | undefined): Error {
  if (error instanceof KubeError) return error;
  if (signal?.aborted) return signal.reason instanceof Error ? signal.reason : new Error('aborted');
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return noAnswer('the API server cannot be reached', code, error);
}
