import createClient, { type Client } from 'openapi-fetch';
import { errorFromResponse, unreachable } from './problem-response.ts';
import type { paths } from './schema.gen.ts';

export type FairleadClient = Client<paths, 'application/json'>;

export interface ConnectionOptions {
  /** `http://127.0.0.1:7700`, without a path. */
  readonly baseUrl: string;
  /** API token; absent for the few public routes. */
  readonly token?: string | undefined;
}

/** Client of the hub's REST API. Calls return what the hub answered or throw an AppError; see `answer`. */
export function createFairleadClient(connection: ConnectionOptions): FairleadClient {
  const client = createClient<paths, 'application/json'>({
    baseUrl: connection.baseUrl,
    headers: authorization(connection),
    // Looked up per call, so that a test or a browser extension that replaces it is honoured.
    fetch: (request) => fetch(request),
  });
  client.use({
    onResponse: async ({ response }) => {
      if (!response.ok) throw await errorFromResponse(response);
    },
    onError: ({ error }) => unreachable(connection.baseUrl, error),
  });
  return client;
}

/** Header that proves who is asking; empty without a token. */
export function authorization(connection: ConnectionOptions): Record<string, string> {
  return connection.token === undefined ? {} : { authorization: `Bearer ${connection.token}` };
}
