import type { Json, JsonObject } from '@fairlead/manifests';
import { canonicalJson, fieldAt, fieldOf, isJsonObject, parseExactJson } from '@fairlead/manifests';
import { applyBody } from './apply-body.ts';
import { KubeError, noAnswer, unreadable } from './kube-error.ts';
import { fieldManager, objectMeta } from './object-meta.ts';
import type { ObjectMeta } from './object-meta.ts';
import { apiPath, resourcePath } from './resource.ts';
import type { Resource } from './resource.ts';
import type { KubeRequest, KubeTransport } from './transport.ts';
import { watchMetadata } from './watch.ts';
import type { WatchEnd, WatchHandler, WatchQuery } from './watch.ts';

const partialMetadata = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const partialMetadataList = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';
const pageSize = 500;
const pods: Resource = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true };

export interface PodLogQuery {
  readonly namespace: string;
  readonly name: string;
  readonly container: string;
  readonly previous: boolean;
  readonly lines: number;
  readonly bytes: number;
}

export interface ApplyOptions {
  readonly dryRun?: boolean;
  /** Answer with metadata only. */
  readonly metaOnly?: boolean;
  /** Fields that others hold become ours; without it they are a conflict. True unless told otherwise. */
  readonly force?: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface DeleteOptions {
  readonly uid: string;
  readonly propagation: keyof typeof policies;
}

const policies = { background: 'Background', foreground: 'Foreground', orphan: 'Orphan' } as const;

/** As whom requests about objects are made, and which of them are made at all. */
export interface Acting {
  /** User to act as; null: the agent itself. */
  readonly user: string | null;
  /** Throws for an object that may not be touched; called before each request about one object. */
  readonly guard: (resource: Resource, target: { namespace: string; name: string }) => void;
}

const asItself: Acting = { user: null, guard: () => undefined };

/** The few calls an agent needs, with plain JSON in and out. The only place that speaks to Kubernetes. */
export class KubeClient {
  readonly transport: KubeTransport;
  readonly #acting: Acting;
  readonly #kinds: Map<string, Map<string, Resource>>;

  constructor(transport: KubeTransport, acting = asItself, kinds = new Map<string, Map<string, Resource>>()) {
    this.transport = transport;
    this.#acting = acting;
    this.#kinds = kinds;
  }

  /** The same client for requests about an app's objects. What kinds there are is asked, and remembered, by the agent itself. */
  acting(acting: Acting): KubeClient {
    return new KubeClient(this.transport, acting, this.#kinds);
  }

  /** Kinds of an API version; empty when the server does not serve it. Remembered until asked with `force`. */
  async discover(apiVersion: string, force = false): Promise<ReadonlyMap<string, Resource>> {
    const known = this.#kinds.get(apiVersion);
    if (known !== undefined && !force) return known;
    const found = new Map<string, Resource>();
    try {
      const answer = readJson(await this.transport.send({ method: 'GET', path: apiPath(apiVersion) }));
      const resources = fieldOf(answer, 'resources');
      const slash = apiVersion.indexOf('/');
      for (const entry of Array.isArray(resources) ? resources : []) {
        const plural = fieldOf(entry, 'name');
        const kind = fieldOf(entry, 'kind');
        if (typeof plural !== 'string' || typeof kind !== 'string' || plural.includes('/')) continue;
        found.set(kind, {
          group: slash < 0 ? '' : apiVersion.slice(0, slash),
          version: apiVersion.slice(slash + 1),
          plural,
          kind,
          namespaced: fieldOf(entry, 'namespaced') === true,
        });
      }
    } catch (error) {
      if (!(error instanceof KubeError) || error.status !== 404) throw error;
    }
    // What is not served now may be served in a moment (a CRD of the same bundle): only finds are remembered.
    if (found.size > 0) this.#kinds.set(apiVersion, found);
    else this.#kinds.delete(apiVersion);
    return found;
  }

  /**
   * A kind in the given version or, when that is served no more, in the one that the server prefers. Null only when the
   * server says for certain that there is no such kind.
   */
  async resolve(apiVersion: string, kind: string, force = false): Promise<Resource | null> {
    const known = (await this.discover(apiVersion, force)).get(kind);
    if (known !== undefined) return known;
    const slash = apiVersion.indexOf('/');
    if (slash < 0) return null;
    for (const version of await this.#versionsOf(apiVersion.slice(0, slash))) {
      const found = version === apiVersion ? undefined : (await this.discover(version)).get(kind);
      if (found !== undefined) return found;
    }
    return null;
  }

  /** API versions of a group, the preferred one first; empty when the server does not know the group. */
  async #versionsOf(group: string): Promise<string[]> {
    try {
      const answer = readJson(await this.transport.send({ method: 'GET', path: `/apis/${group}` }));
      const versions = fieldOf(answer, 'versions');
      const entries = [fieldOf(answer, 'preferredVersion'), ...(Array.isArray(versions) ? versions : [])];
      return entries.map((entry) => fieldOf(entry, 'groupVersion')).filter((version) => typeof version === 'string');
    } catch (error) {
      if (error instanceof KubeError && error.status === 404) return [];
      throw error;
    }
  }

  /** Whether the user of this client may do this now. */
  async may(verb: string, resource: Resource, namespace: string): Promise<boolean> {
    const review = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { verb, group: resource.group, resource: resource.plural, namespace } },
    };
    const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
    const answer = await this.#send({ method: 'POST', path, body: JSON.stringify(review) });
    return fieldAt(asObject(answer), ['status', 'allowed']) === true;
  }

  /** Server-side apply. The caller has made sure that the object is ours. */
  async apply(
    resource: Resource,
    target: { namespace: string; name: string },
    object: Json,
    options: ApplyOptions = {},
  ) {
    const force = options.force !== false;
    const query = `?fieldManager=${fieldManager}&force=${force}&fieldValidation=Strict${options.dryRun ? '&dryRun=All' : ''}`;
    const body = await this.#send({
      method: 'PATCH',
      path: this.#path(resource, target) + query,
      body: sendable(applyBody(object)),
      contentType: 'application/apply-patch+yaml',
      accept: options.metaOnly ? partialMetadata : 'application/json',
      signal: options.signal,
    });
    return asObject(body);
  }

  /** The object, or null when there is none (or its kind is not served). */
  async get(
    resource: Resource,
    target: { namespace: string; name: string },
    signal?: AbortSignal,
  ): Promise<JsonObject | null> {
    try {
      const path = this.#path(resource, target);
      return asObject(await this.#send({ method: 'GET', path, signal }));
    } catch (error) {
      if (error instanceof KubeError && error.status === 404) return null;
      throw error;
    }
  }

  /** The object's metadata (a PartialObjectMetadata), or null when there is none. */
  async getMeta(
    resource: Resource,
    target: { namespace: string; name: string },
    signal?: AbortSignal,
  ): Promise<JsonObject | null> {
    try {
      const path = this.#path(resource, target);
      return asObject(await this.#send({ method: 'GET', path, accept: partialMetadata, signal }));
    } catch (error) {
      if (error instanceof KubeError && error.status === 404) return null;
      throw error;
    }
  }

  /** Changes an object by a JSON Patch; a conflict when the patch names a version that is no longer the newest. */
  async patch(resource: Resource, target: { namespace: string; name: string }, steps: Json): Promise<JsonObject> {
    const path = `${this.#path(resource, target)}?fieldManager=${fieldManager}`;
    const body = JSON.stringify(steps);
    const contentType = 'application/json-patch+json';
    return asObject(await this.#send({ method: 'PATCH', path, body, contentType, accept: partialMetadata }));
  }

  /**
   * Deletes exactly the object with this UID. Already gone is success; a newer object of the same name is a conflict.
   * `going`: the server took it, and something still has to happen before it is gone.
   */
  async delete(
    resource: Resource,
    target: { namespace: string; name: string },
    { uid, propagation }: DeleteOptions,
  ): Promise<'gone' | 'going'> {
    try {
      const answer = await this.#send({
        method: 'DELETE',
        path: this.#path(resource, target),
        body: JSON.stringify({
          apiVersion: 'v1',
          kind: 'DeleteOptions',
          preconditions: { uid },
          propagationPolicy: policies[propagation],
        }),
      });
      return fieldOf(asObject(answer), 'kind') === 'Status' ? 'gone' : 'going';
    } catch (error) {
      if (error instanceof KubeError && error.status === 404) return 'gone';
      throw error;
    }
  }

  /** Merges fields into an object, whoever owns them; null removes a field. */
  async merge(resource: Resource, target: { namespace: string; name: string }, fields: JsonObject): Promise<void> {
    await this.#send({
      method: 'PATCH',
      path: `${this.#path(resource, target)}?fieldManager=${fieldManager}`,
      body: JSON.stringify(fields),
      contentType: 'application/merge-patch+json',
      accept: partialMetadata,
    });
  }

  /** Lists metadata page by page; gives the resource version to watch from. */
  async listMeta(
    resource: Resource,
    query: {
      namespace?: string;
      selector?: string;
      limit?: number;
      /** Stop after so many pages; the answer is empty then. */
      mostPages?: number;
      signal?: AbortSignal | undefined;
    },
    onItem: (meta: ObjectMeta) => void,
  ): Promise<string> {
    let next = '';
    for (let pages = 1; ; pages += 1) {
      const parameters = new URLSearchParams({ limit: String(query.limit ?? pageSize) });
      if (query.selector) parameters.set('labelSelector', query.selector);
      if (next !== '') parameters.set('continue', next);
      const body = await this.#send({
        method: 'GET',
        path: `${resourcePath(resource, query.namespace ?? '')}?${parameters.toString()}`,
        accept: partialMetadataList,
        signal: query.signal,
      });
      const page = readJson(body);
      const items = fieldOf(page, 'items');
      for (const item of Array.isArray(items) ? items : []) onItem(objectMeta(item));
      const more = fieldAt(page, ['metadata', 'continue']);
      const version = fieldAt(page, ['metadata', 'resourceVersion']);
      if (typeof more !== 'string' || more === '' || query.limit !== undefined)
        return typeof version === 'string' ? version : '';
      if (pages === query.mostPages) return '';
      next = more;
    }
  }

  /** Full objects of one namespace that match the selectors, at most `limit`. */
  async list(
    resource: Resource,
    query: { namespace: string; selector?: string; fieldSelector?: string; limit: number },
  ): Promise<JsonObject[]> {
    const parameters = new URLSearchParams({ limit: String(query.limit) });
    if (query.selector !== undefined) parameters.set('labelSelector', query.selector);
    if (query.fieldSelector !== undefined) parameters.set('fieldSelector', query.fieldSelector);
    const path = `${resourcePath(resource, query.namespace)}?${parameters.toString()}`;
    const items = fieldOf(asObject(await this.#send({ method: 'GET', path })), 'items');
    return Array.isArray(items) ? items.filter(isJsonObject) : [];
  }

  /** The last lines of the log of a container, or of the run of it before the present one. */
  podLog(query: PodLogQuery): Promise<string> {
    const parameters = new URLSearchParams({
      container: query.container,
      tailLines: String(query.lines),
      limitBytes: String(query.bytes),
      ...(query.previous ? { previous: 'true' } : {}),
    });
    const path = `${resourcePath(pods, query.namespace, query.name)}/log?${parameters.toString()}`;
    return this.transport.send({ method: 'GET', path, accept: 'text/plain, */*' });
  }

  /** Follows the changes of a kind until the stream ends, for whatever reason. */
  watchMeta(resource: Resource, query: WatchQuery, handler: WatchHandler): Promise<WatchEnd> {
    return watchMetadata(this.transport, `${resourcePath(resource, '')}`, query, handler);
  }

  /** Creates an object, or only asks whether it could be; a conflict when it is there already. */
  async create(
    resource: Resource,
    namespace: string,
    object: JsonObject,
    { dryRun = false }: { dryRun?: boolean } = {},
  ): Promise<JsonObject> {
    const query = `?fieldManager=${fieldManager}${dryRun ? '&fieldValidation=Strict&dryRun=All' : ''}`;
    const name = fieldAt(object, ['metadata', 'name']);
    this.#acting.guard(resource, { namespace, name: typeof name === 'string' ? name : '' });
    const path = resourcePath(resource, namespace) + query;
    return asObject(await this.#send({ method: 'POST', path, body: canonicalJson(object) }));
  }

  /** Replaces an object; a conflict when its resource version is not the one in `object`. */
  async replace(
    resource: Resource,
    target: { namespace: string; name: string },
    object: JsonObject,
  ): Promise<JsonObject> {
    const path = `${this.#path(resource, target)}?fieldManager=${fieldManager}`;
    return asObject(await this.#send({ method: 'PUT', path, body: JSON.stringify(object) }));
  }

  /** The server's version, e.g. `v1.34.3`. */
  async version(): Promise<string> {
    const version = fieldOf(readJson(await this.transport.send({ method: 'GET', path: '/version' })), 'gitVersion');
    return typeof version === 'string' ? version : 'unknown';
  }

  #send(request: KubeRequest): Promise<string> {
    const { user } = this.#acting;
    return this.transport.send(user === null ? request : { ...request, as: user });
  }

  /** Path of one object that may be touched. */
  #path(resource: Resource, target: { namespace: string; name: string }): string {
    this.#acting.guard(resource, target);
    return resourcePath(resource, target.namespace, target.name);
  }
}

// The API server refuses larger bodies; it need not be sent one to know.
const bodyLimitBytes = 3 * 1024 * 1024;

function sendable(body: string): string {
  const size = Buffer.byteLength(body);
  if (size <= bodyLimitBytes) return body;
  const message = `the object has ${size} bytes; the API server takes at most ${bodyLimitBytes}`;
  throw new KubeError({ status: 413, message, reason: 'RequestEntityTooLarge', causes: [], retryAfterMs: null });
}

function asObject(body: string): JsonObject {
  const value = readJson(body, parseExactJson);
  if (!isJsonObject(value)) throw noAnswer('the API server answered something that is no object', unreadable);
  return value;
}

/** A proxy may cut an answer short without breaking the connection. */
function readJson(body: string, parse: (text: string) => Json = (text) => JSON.parse(text) as Json): Json {
  try {
    return parse(body);
  } catch (error) {
    throw noAnswer('the API server answered something that is no JSON', unreadable, error);
  }
}
