import type { Agent, IncomingMessage } from 'node:http';
import { http, https } from '../node-http.ts';
import type { KubeEndpoint } from './endpoint.ts';
import { KubeError, readAnswer } from './kube-error.ts';
import { pause } from './pause.ts';

export interface KubeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query. */
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
  readonly accept?: string;
  readonly signal?: AbortSignal | undefined;
}

const answerLimitBytes = 16 * 1024 * 1024;
const requestTimeoutMs = 30_000;
const throttleRetries = 6;

/** Requests over a few kept connections. A 429 makes every request of this client wait, not only the one that met it. */
export class KubeTransport {
  readonly #endpoint: KubeEndpoint;
  readonly #agent: Agent;
  readonly #streams: Agent;
  #notBefore = 0;
  /** Requests sent, by method: what benchmarks and tests count. */
  readonly sent = new Map<string, number>();

  constructor(endpoint: KubeEndpoint, { maxSockets = 20 }: { maxSockets?: number } = {}) {
    this.#endpoint = endpoint;
    const isTls = endpoint.server.protocol === 'https:';
    // The newest free connection goes first, so that those a burst needed fall silent and are closed.
    const options = { keepAlive: true, maxSockets, scheduling: 'lifo' as const, timeout: requestTimeoutMs };
    this.#agent = isTls ? new https.Agent({ ...options, ...endpoint.tls }) : new http.Agent(options);
    // All its connections go to one place with one identity; naming that place anew for every request is not free.
    this.#agent.getName = () => 'api';
    this.#streams = isTls
      ? new https.Agent({ keepAlive: false, ...endpoint.tls })
      : new http.Agent({ keepAlive: false });
  }

  /** The body of a successful answer; anything else is a KubeError. */
  async send({ signal, ...request }: KubeRequest): Promise<string> {
    let refreshed = false;
    let reset = false;
    for (let attempt = 0; ; attempt += 1) {
      const waitMs = this.#notBefore - performance.now();
      if (waitMs > 0) await pause(waitMs, signal);
      // Short requests are not cut off half-way: what they did would be unknown. Only the next one is not sent.
      signal?.throwIfAborted();
      try {
        return await this.#once(request);
      } catch (error) {
        if (!(error instanceof KubeError)) throw error;
        if (error.failure === 'unauthorized' && !refreshed) {
          refreshed = true;
          this.#endpoint.forgetToken();
        } else if (error.failure === 'throttled' && attempt < throttleRetries) {
          this.#notBefore = Math.max(this.#notBefore, performance.now() + (error.retryAfterMs ?? 1000 * 2 ** attempt));
        } else if (error.status === 0 && error.reason === 'ECONNRESET' && !reset && request.method !== 'POST') {
          // A kept connection may have been closed by the server just now. Everything sent here may be repeated.
          reset = true;
        } else {
          throw error;
        }
      }
    }
  }

  async #once(request: KubeRequest): Promise<string> {
    const answer = await this.#open(request, this.#agent);
    const body = await readBody(answer);
    const status = answer.statusCode ?? 0;
    if (status >= 200 && status < 300) return body;
    throw new KubeError(readAnswer(status, body, answer.headers['retry-after']));
  }

  /** An answer that goes on for minutes; the caller reads it. */
  async stream(request: KubeRequest): Promise<IncomingMessage> {
    const answer = await this.#open(request, this.#streams);
    const status = answer.statusCode ?? 0;
    if (status >= 200 && status < 300) return answer;
    if (status === 401) this.#endpoint.forgetToken();
    throw new KubeError(readAnswer(status, await readBody(answer), answer.headers['retry-after']));
  }

  async #open(request: KubeRequest, agent: Agent): Promise<IncomingMessage> {
    const token = await this.#endpoint.token();
    const { server } = this.#endpoint;
    this.sent.set(request.method, (this.sent.get(request.method) ?? 0) + 1);
    const isTls = server.protocol === 'https:';
    return new Promise((resolve, reject) => {
      const outgoing = (isTls ? https : http).request({
        agent,
        method: request.method,
        host: server.hostname.replace(/^\[|\]$/g, ''),
        port: server.port || (isTls ? 443 : 80),
        path: server.pathname.replace(/\/$/, '') + request.path,
        ...(request.signal ? { signal: request.signal } : {}),
        headers: {
          accept: request.accept ?? 'application/json',
          'user-agent': 'fairlead-agent',
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(request.body === undefined
            ? {}
            : {
                'content-type': request.contentType ?? 'application/json',
                'content-length': Buffer.byteLength(request.body),
              }),
        },
      });
      outgoing.once('response', resolve);
      outgoing.once('error', (error) => {
        reject(connectionError(error, request.signal));
      });
      outgoing.once('timeout', () => outgoing.destroy(new Error('the API server does not answer')));
      outgoing.end(request.body);
    });
  }

  close(): void {
    this.#agent.destroy();
    this.#streams.destroy();
  }
}

// Events and not an async iterator: this runs for every object.
function readBody(answer: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    answer.on('data', (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > answerLimitBytes) answer.destroy(noAnswer('the answer is too large', 'TooLarge'));
    });
    answer.once('end', () => {
      resolve(Buffer.concat(chunks, size).toString('utf8'));
    });
    answer.once('error', (error) => {
      reject(connectionError(error, undefined));
    });
    answer.once('aborted', () => {
      reject(noAnswer('the API server broke off', 'ECONNRESET'));
    });
  });
}

function connectionError(error: unknown, signal: AbortSignal | undefined): Error {
  if (error instanceof KubeError) return error;
  if (signal?.aborted) return signal.reason instanceof Error ? signal.reason : new Error('aborted');
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return noAnswer('the API server cannot be reached', code, error);
}

function noAnswer(message: string, reason: string, cause?: unknown): KubeError {
  return new KubeError({ status: 0, message, reason, causes: [], retryAfterMs: null }, { cause });
}
