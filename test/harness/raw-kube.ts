import https from 'node:https';
import type { JsonObject } from '@fairlead/manifests';
import { isJsonObject } from '@fairlead/manifests';
import type { BedCluster } from '../bed/bed.ts';

/** A person with all rights who speaks to the API server without kubectl: hundreds of looks cost no process each. */
export class RawKube {
  readonly #cluster: BedCluster;
  readonly #agent = new https.Agent({ keepAlive: true, rejectUnauthorized: false });

  constructor(cluster: BedCluster) {
    this.#cluster = cluster;
  }

  /** The answer, or null when there is nothing at that path. */
  async get(path: string): Promise<JsonObject | null> {
    return this.#send('GET', path);
  }

  /** Names of the objects in a collection, sorted, as `namespace/name`. */
  async names(collection: string): Promise<string[]> {
    const list = (await this.get(collection)) as {
      items?: { metadata: { namespace?: string; name: string } }[];
    } | null;
    return (list?.items ?? []).map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`).sort();
  }

  async create(collection: string, object: JsonObject): Promise<JsonObject> {
    const made = await this.#send('POST', collection, object);
    if (made === null) throw new Error(`nothing to create at ${collection}`);
    return made;
  }

  async merge(path: string, fields: JsonObject): Promise<void> {
    await this.#send('PATCH', path, fields, 'application/merge-patch+json');
  }

  /** Changes an object under the name of a field manager; `json` is an RFC 6902 patch, `apply` a server-side apply. */
  async patch(
    path: string,
    change: JsonObject | JsonObject[],
    { manager, type = 'merge' }: { manager: string; type?: 'merge' | 'strategic-merge' | 'json' | 'apply' },
  ): Promise<JsonObject | null> {
    const suffix = type === 'apply' ? 'apply-patch+yaml' : type === 'merge' ? 'merge-patch+json' : `${type}-patch+json`;
    const query = `fieldManager=${encodeURIComponent(manager)}${type === 'apply' ? '&force=true' : ''}`;
    return this.#send('PATCH', `${path}?${query}`, change, `application/${suffix}`);
  }

  /** Replaces an object by what the function makes of it, as clients do that read and write whole objects. */
  async replace(path: string, manager: string, make: (live: JsonObject) => JsonObject): Promise<void> {
    const live = await this.get(path);
    if (live !== null) await this.#send('PUT', `${path}?fieldManager=${encodeURIComponent(manager)}`, make(live));
  }

  /** Deletes; what is not there is fine. */
  async remove(path: string): Promise<void> {
    await this.#send('DELETE', path);
  }

  close(): void {
    this.#agent.destroy();
  }

  async #send(
    method: string,
    path: string,
    body?: JsonObject | JsonObject[],
    contentType = 'application/json',
  ): Promise<JsonObject | null> {
    const { status, text } = await this.#patiently(method, () => this.#once(method, path, body, contentType));
    if (status === 404) return null;
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
    const answer: unknown = JSON.parse(text);
    if (!isJsonObject(answer as JsonObject)) throw new Error(`${method} ${path}: ${text}`);
    return answer as JsonObject;
  }

  /** A kept connection may be cut at any time. What can be repeated is. */
  async #patiently<T>(method: string, attempt: () => Promise<T>): Promise<T> {
    for (let left = method === 'POST' ? 0 : 3; ; left -= 1) {
      try {
        return await attempt();
      } catch (error) {
        if (left === 0) throw error;
      }
    }
  }

  #once(
    method: string,
    path: string,
    body: JsonObject | JsonObject[] | undefined,
    contentType: string,
  ): Promise<{ status: number; text: string }> {
    const { serverUrl, token } = this.#cluster;
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': contentType };
      const request = https.request(`${serverUrl}${path}`, { agent: this.#agent, method, headers });
      request.once('error', reject);
      request.once('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
        );
      });
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}
