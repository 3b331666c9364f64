import { mkdtempSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BedCluster } from '../bed/bed.ts';

export interface SeenRequest {
  /** 1 for the first request after the start (or after `forget`). */
  readonly number: number;
  readonly method: string;
  /** Path with query. */
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  /** Monotonic ms. */
  readonly at: number;
}

/** What the stub does with a request instead of, or around, passing it on. */
export type Fault =
  /** Answers by itself; the server never sees the request. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Record<string, string>;
    }
  /** Takes the request and never answers. */
  | { readonly kind: 'hang' }
  /** Resets the connection, before the server has seen the request or (`after`) when it has done it. */
  | { readonly kind: 'reset'; readonly after?: boolean }
  /** Passes it on and breaks off after this many bytes of the answer's body. */
  | { readonly kind: 'truncate'; readonly bytes: number }
  /** Passes it on, and hands every chunk of the answer to the function; what it gives goes to the client. */
  | { readonly kind: 'rewrite'; readonly chunk: (chunk: string) => string }
  /** Calls the function, waits for it, and then passes the request on: a race, made to happen. */
  | { readonly kind: 'before'; readonly run: () => Promise<unknown> }
  /** Passes it on, waits for the answer of the server, calls the function, and only then answers. */
  | { readonly kind: 'after'; readonly run: () => Promise<unknown> };

export type FaultRule = (request: SeenRequest) => Fault | null | undefined;

/**
 * A real API server with a switchboard in front of it: counts every request, and breaks those that a rule names. Speaks
 * plain HTTP on loopback and passes the caller's own credentials on; `kubeconfig()` is what to start an agent with.
 */
export class ApiStub {
  readonly url: string;
  /** Every request that came, in order. */
  requests: SeenRequest[] = [];
  readonly #server: http.Server;
  readonly #target: URL;
  readonly #rules: FaultRule[] = [];
  readonly #agent = new https.Agent({ keepAlive: true, rejectUnauthorized: false });
  #count = 0;

  private constructor(server: http.Server, cluster: BedCluster) {
    this.#server = server;
    this.#target = new URL(cluster.serverUrl);
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (request, response) => {
      this.#take(request, response).catch(() => response.destroy());
    });
  }

  static async start(cluster: BedCluster): Promise<ApiStub> {
    const server = http.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new ApiStub(server, cluster);
  }

  /** Writes a kubeconfig that leads here with this bearer token, and gives its path. */
  kubeconfig(token: string): string {
    const path = join(mkdtempSync(join(tmpdir(), 'fairlead-stub-')), 'kubeconfig.json');
    writeFileSync(
      path,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'stub',
        clusters: [{ name: 'stub', cluster: { server: this.url } }],
        users: [{ name: 'stub', user: { token } }],
        contexts: [{ name: 'stub', context: { cluster: 'stub', user: 'stub' } }],
      }),
      { mode: 0o600 },
    );
    return path;
  }

  /** Adds a rule; the first that names a fault decides. Gives the function that takes the rule away again. */
  on(rule: FaultRule): () => void {
    this.#rules.push(rule);
    return () => {
      const index = this.#rules.indexOf(rule);
      if (index >= 0) this.#rules.splice(index, 1);
    };
  }

  /** A rule for the first `times` requests that match. */
  once(matches: (request: SeenRequest) => boolean, fault: Fault, times = 1): () => void {
    let left = times;
    return this.on((request) => {
      if (left === 0 || !matches(request)) return null;
      left -= 1;
      return fault;
    });
  }

  /** Starts counting anew. */
  forget(): void {
    this.requests = [];
    this.#count = 0;
  }

  /** Requests that may change something (dry runs, leases and the agent's own events left out). */
  writes(): SeenRequest[] {
    return this.requests.filter(
      ({ method, url }) => method !== 'GET' && !url.includes('dryRun=All') && !url.includes('/leases'),
    );
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#agent.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    this.#count += 1;
    const seen: SeenRequest = {
      number: this.#count,
      method: request.method ?? 'GET',
      url: request.url ?? '/',
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
      at: performance.now(),
    };
    this.requests.push(seen);
    let fault: Fault | null = null;
    for (const rule of this.#rules) if ((fault = rule(seen) ?? null) !== null) break;
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'answer') {
      const body = typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body ?? statusOf(fault.status));
      response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers }).end(body);
      return;
    }
    if (fault?.kind === 'reset' && fault.after !== true) {
      request.socket.resetAndDestroy();
      return;
    }
    if (fault?.kind === 'before') await fault.run();
    this.#pass(seen, request, response, fault);
  }

  #pass(seen: SeenRequest, request: http.IncomingMessage, response: http.ServerResponse, fault: Fault | null): void {
    const upstream = https.request({
      agent: this.#agent,
      rejectUnauthorized: false,
      host: this.#target.hostname,
      port: this.#target.port,
      method: seen.method,
      path: seen.url,
      headers: { ...seen.headers, host: this.#target.host },
    });
    upstream.once('error', () => response.destroy());
    response.once('close', () => upstream.destroy());
    upstream.once('response', (answer) => {
      answer.once('error', () => response.destroy());
      if (fault?.kind === 'reset') {
        answer.resume().once('end', () => request.socket.resetAndDestroy());
        return;
      }
      if (fault?.kind === 'after') {
        void Promise.all([readAll(answer), fault.run()]).then(([body]) => {
          response.writeHead(answer.statusCode ?? 502, withoutLength(answer.headers)).end(body);
        });
        return;
      }
      const headers = fault === null || fault.kind === 'before' ? answer.headers : withoutLength(answer.headers);
      response.writeHead(answer.statusCode ?? 502, headers);
      response.flushHeaders();
      let left = fault?.kind === 'truncate' ? fault.bytes : Number.POSITIVE_INFINITY;
      answer.on('data', (chunk: Buffer) => {
        const part = fault?.kind === 'rewrite' ? Buffer.from(fault.chunk(chunk.toString('utf8'))) : chunk;
        response.write(part.subarray(0, left));
        left -= part.length;
        if (left <= 0) request.socket.resetAndDestroy();
      });
      answer.once('end', () => response.end());
    });
    upstream.end(seen.body === '' ? undefined : seen.body);
  }
}

async function readAll(answer: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function withoutLength(headers: http.IncomingHttpHeaders): http.OutgoingHttpHeaders {
  const { 'content-length': _length, ...rest } = headers;
  return rest;
}

function statusOf(code: number): unknown {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', message: 'as the test wants it', code };
}
