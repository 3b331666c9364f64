import type {
  App,
  ListReleases,
  PageQuery,
  Release,
  ReleaseManifests,
  ReleaseTarget,
} from '@fairlead/shared/contracts';
import type { ReleaseId } from '@fairlead/shared/kernel';
import { isKubeObject, maskSecret, parseExactJson, type KubeObject } from '@fairlead/manifests';
import { appNotFound, invalidCursor, releaseNotFound, releaseTargetNotFound } from '../domain/release.errors.ts';
import type { ReleaseQuery } from './release.query.ts';

const defaultPageSize = 100;

interface Page<Item> {
  items: Item[];
  next: string | null;
}

/** Apps, releases and rendered objects for people. Sealed values are shown as masks, equal for equal values. */
export class ShowReleases {
  readonly #query: ReleaseQuery;
  readonly #maskKey: Uint8Array;

  constructor(options: { query: ReleaseQuery; maskKey: Uint8Array }) {
    this.#query = options.query;
    this.#maskKey = options.maskKey;
  }

  async listApps({ limit = defaultPageSize, cursor }: PageQuery): Promise<Page<App>> {
    const found = await this.#query.listApps({ afterName: cursor ?? null, limit: limit + 1 });
    return pageOf(found, limit, ({ name }) => name);
  }

  async getApp(name: string): Promise<App> {
    return (await this.#query.findApp(name)) ?? raise(appNotFound(name));
  }

  async listReleases({ limit = defaultPageSize, cursor, group }: ListReleases): Promise<Page<Release>> {
    if (cursor !== undefined && !/^\d{1,15}$/.test(cursor)) throw invalidCursor();
    const beforeId = cursor === undefined ? null : Number(cursor);
    const found = await this.#query.listReleases({ group: group ?? null, beforeId, limit: limit + 1 });
    return pageOf(found, limit, ({ id }) => String(id));
  }

  async getRelease(id: number): Promise<Release> {
    return (await this.#query.findRelease(id as ReleaseId)) ?? raise(releaseNotFound(id));
  }

  async listTargets(id: number, { limit = defaultPageSize, cursor }: PageQuery): Promise<Page<ReleaseTarget>> {
    await this.getRelease(id);
    const [app, cluster, ...rest] = cursor?.split(' ') ?? [];
    if (cursor !== undefined && (app === undefined || cluster === undefined || rest.length > 0)) throw invalidCursor();
    const after = app === undefined || cluster === undefined ? null : { app, cluster };
    const found = await this.#query.listTargets({ release: id as ReleaseId, after, limit: limit + 1 });
    return pageOf(found, limit, (target) => `${target.app} ${target.cluster}`);
  }

  async getManifests(target: { release: number; app: string; cluster: string }): Promise<ReleaseManifests> {
    const { app, cluster } = target;
    const found = await this.#query.findTarget({ ...target, release: target.release as ReleaseId });
    if (found === null) throw releaseTargetNotFound(target);
    const objects = await this.readMasked(found.digest);
    return { app, cluster, digest: found.digest, objects: objects.map(({ object }) => toContractJson(object)) };
  }

  /** The objects of a snapshot as they may be shown. */
  async readMasked(digest: string): Promise<{ id: string; object: KubeObject }[]> {
    const stored = await this.#query.readObjects(digest);
    return stored.map(({ id, json }) => ({ id, object: this.mask(json) }));
  }

  /** Objects as they may be shown, by the digest of their content. */
  async readMaskedBlobs(digests: readonly string[]): Promise<Map<string, KubeObject>> {
    const stored = await this.#query.readBlobs([...new Set(digests)]);
    return new Map([...stored].map(([digest, json]) => [digest, this.mask(json)]));
  }

  /** An object as it may be shown, of canonical JSON with sealed Secret values. */
  mask(json: string): KubeObject {
    const object = parseExactJson(json);
    if (!isKubeObject(object)) throw new Error('a stored object is no Kubernetes object');
    return maskSecret(object, this.#maskKey);
  }
}

/** JSON as the REST API carries it: integers beyond 2^53, which are exact in storage, become ordinary numbers. */
function toContractJson(object: KubeObject): ReleaseManifests['objects'][number] {
  const text = JSON.stringify(object, (_key, value: unknown) => (typeof value === 'bigint' ? Number(value) : value));
  return JSON.parse(text) as ReleaseManifests['objects'][number];
}

function pageOf<Item>(found: readonly Item[], limit: number, cursorOf: (item: Item) => string): Page<Item> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, next: found.length > limit && last !== undefined ? cursorOf(last) : null };
}

function raise(error: Error): never {
  throw error;
}
