import type { SnapshotResponse } from '@fairlead/shared/contracts';
import { CodedError } from '@fairlead/shared/kernel';
import type { AccessTokens } from './access-token.ts';
import type { HubHttp } from './hub-http.ts';
import type { Snapshot, SnapshotContent, SnapshotStore } from './snapshot-store.ts';
import { check } from './shape.ts';
import { snapshotResponse } from './wire.ts';

/** Snapshots by digest: from disk when they are there, else from the hub, which leaves out what `base` has. */
export class SnapshotSource {
  readonly #hub: HubHttp;
  readonly #tokens: AccessTokens;
  readonly #store: SnapshotStore;

  constructor(hub: HubHttp, tokens: AccessTokens, store: SnapshotStore) {
    this.#hub = hub;
    this.#tokens = tokens;
    this.#store = store;
  }

  async get(digest: string, baseDigest: string | null, signal: AbortSignal): Promise<Snapshot> {
    const stored = await this.#store.find(digest);
    if (stored !== null) return stored;
    const base = baseDigest === null ? null : await this.#store.find(baseDigest);
    const answer = await this.#post(digest, base?.digest ?? null, signal);
    const parsed = check(snapshotResponse, answer);
    if (!parsed.ok || parsed.value.digest !== digest) {
      throw new CodedError({ code: 'hub.contract', kind: 'unavailable' }, 'the hub answered outside the contract');
    }
    return this.#store.save(digest, await this.#join(parsed.value, base));
  }

  async #post(digest: string, base: string | null, signal: AbortSignal): Promise<unknown> {
    const ask = async () =>
      this.#hub.post(`/agent/v1/snapshots/${digest}`, { base }, { token: await this.#tokens.get(signal), signal });
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof CodedError) || error.kind !== 'denied') throw error;
      this.#tokens.forget();
      return ask();
    }
  }

  async #join(response: SnapshotResponse, base: Snapshot | null): Promise<SnapshotContent[]> {
    const sent = new Map(response.blobs.map((blob) => [blob.digest, blob.json]));
    const stored = new Map((base?.objects ?? []).map((object) => [object.digest, object]));
    const reader = base === null ? null : await this.#store.reader(base);
    try {
      const contents: SnapshotContent[] = [];
      for (const { id, digest } of response.objects) {
        const known = stored.get(digest);
        const json = sent.get(digest) ?? (known === undefined ? undefined : await reader?.json(known));
        if (json === undefined) {
          throw new CodedError(
            { code: 'hub.contract', kind: 'unavailable' },
            'an object of the snapshot was not sent',
            { object: id },
          );
        }
        contents.push({ id, digest, json });
      }
      return contents;
    } finally {
      await reader?.close();
    }
  }
}
