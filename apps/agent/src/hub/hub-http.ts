import type { Agent, IncomingMessage } from 'node:http';
import { gunzip } from 'node:zlib';
import { promisify } from 'node:util';
import { CodedError } from '@fairlead/shared/kernel';
import { http, https } from '../node-http.ts';

const answerLimitBytes = 64 * 1024 * 1024;
const timeoutMs = 30_000;

export interface HubHttpOptions {
  readonly hubUrl: URL;
  readonly ca: string | null;
}

/** Small JSON requests to the hub, over one kept connection. */
export class HubHttp {
  readonly hubUrl: URL;
  readonly #agent: Agent;

  constructor({ hubUrl, ca }: HubHttpOptions) {
    this.hubUrl = hubUrl;
    const options = { keepAlive: true, maxSockets: 2 };
    this.#agent =
      hubUrl.protocol === 'https:' ? new https.Agent({ ...options, ...(ca ? { ca } : {}) }) : new http.Agent(options);
  }

  /** URL of a path below the hub's own, whatever prefix a proxy gave it. */
  url(path: string): URL {
    return new URL(this.hubUrl.pathname.replace(/\/$/, '') + path, this.hubUrl);
  }

  /** The parsed body of a successful answer. Refusals are `denied`, everything that may pass by itself `unavailable`. */
  async post(
    path: string,
    body: unknown,
    { token, signal }: { token?: string; signal?: AbortSignal } = {},
  ): Promise<unknown> {
    const { status, text } = await this.#send(path, JSON.stringify(body), token, signal);
    if (status >= 200 && status < 300) return JSON.parse(text) as unknown;
    const details = { status, problem: problemCode(text) };
    if (status === 401 || status === 403)
      throw new CodedError({ code: 'hub.refused', kind: 'denied' }, 'the hub refused', details);
    if (status === 404)
      throw new CodedError({ code: 'hub.unknown', kind: 'not_found' }, 'the hub does not have this', details);
    if (status === 409)
      throw new CodedError(
        { code: 'hub.conflict', kind: 'conflict' },
        'the hub has another cluster of this name',
        details,
      );
    if (status >= 500 || status === 429 || status === 408) {
      throw new CodedError({ code: 'hub.unavailable', kind: 'unavailable' }, 'the hub cannot answer now', details);
    }
    throw new CodedError({ code: 'hub.invalid', kind: 'invalid' }, 'the hub did not understand', details);
  }

  async #send(path: string, body: string, token: string | undefined, signal: AbortSignal | undefined) {
    const url = this.url(path);
    try {
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        const outgoing = (url.protocol === 'https:' ? https : http).request(url, {
          method: 'POST',
          agent: this.#agent,
          timeout: timeoutMs,
          ...(signal ? { signal } : {}),
          headers: {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
            accept: 'application/json',
            'accept-encoding': 'gzip',
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          },
        });
        outgoing.once('response', resolve);
        outgoing.once('error', reject);
        outgoing.once('timeout', () => outgoing.destroy(new Error('the hub does not answer')));
        outgoing.end(body);
      });
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of answer as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > answerLimitBytes) throw new Error('the answer of the hub is too large');
        chunks.push(chunk);
      }
      let content: Buffer = Buffer.concat(chunks);
      if (answer.headers['content-encoding'] === 'gzip') {
        content = await promisify(gunzip)(content, { maxOutputLength: answerLimitBytes });
      }
      return { status: answer.statusCode ?? 0, text: content.toString('utf8') };
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new CodedError(
        { code: 'hub.unreachable', kind: 'unavailable' },
        'the hub cannot be reached',
        {},
        { cause: error },
      );
    }
  }

  close(): void {
    this.#agent.destroy();
  }
}

function problemCode(text: string): string | null {
  try {
    const problem = JSON.parse(text) as { code?: unknown };
    return typeof problem.code === 'string' ? problem.code : null;
  } catch {
    return null;
  }
}
