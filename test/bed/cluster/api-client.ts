import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';

export interface ApiAnswer {
  readonly status: number;
  readonly body: string;
}

/** The few requests the bed itself makes to an API server; a fresh connection each, so that restarts do not matter. */
export class ApiClient {
  readonly #port: number;
  readonly #token: string;
  readonly #certificateFile: string;

  constructor(options: { readonly port: number; readonly token: string; readonly certificateFile: string }) {
    this.#port = options.port;
    this.#token = options.token;
    this.#certificateFile = options.certificateFile;
  }

  /** Sends a request; an API server that cannot be reached (yet) is status 0. */
  async send(method: 'GET' | 'POST', path: string, object?: unknown): Promise<ApiAnswer> {
    const ca = await readFile(this.#certificateFile).catch(() => null);
    if (ca === null) return { status: 0, body: 'the API server has no certificate yet' };
    return new Promise((resolve) => {
      const outgoing = request(
        {
          host: '127.0.0.1',
          port: this.#port,
          method,
          path,
          agent: new Agent({ keepAlive: false, ca }),
          timeout: 10_000,
          headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', (error) => resolve({ status: 0, body: error.message }));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
          );
        },
      );
      outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in 10 s')));
      outgoing.on('error', (error) => resolve({ status: 0, body: error.message }));
      outgoing.end(object === undefined ? undefined : JSON.stringify(object));
    });
  }
}
