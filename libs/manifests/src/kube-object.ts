import type { Json, JsonObject } from './json.ts';
import { fieldAt, fieldOf, isJsonObject } from './json.ts';

export interface KubeMetadata extends JsonObject {
  name: string;
}

/** A Kubernetes object as plain JSON. */
export interface KubeObject extends JsonObject {
  apiVersion: string;
  kind: string;
  metadata: KubeMetadata;
}

/** What makes an object the same object on one cluster; the version is left out on purpose. */
export interface ObjectId {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Tells whether a value has the fields every Kubernetes object must have. */
export function isKubeObject(value: Json | undefined): value is KubeObject {
  if (!isJsonObject(value)) return false;
  const name = fieldAt(value, ['metadata', 'name']);
  return isFilledText(fieldOf(value, 'apiVersion')) && isFilledText(fieldOf(value, 'kind')) && isFilledText(name);
}

/** The API group of an `apiVersion` (empty for the core group). */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** The namespace of an object, empty when it names none. */
export function namespaceOf(object: KubeObject): string {
  const namespace = fieldOf(object.metadata, 'namespace');
  return typeof namespace === 'string' ? namespace : '';
}

/** The identity of an object. */
export function objectId(object: KubeObject): ObjectId {
  return {
    group: groupOf(object.apiVersion),
    kind: object.kind,
    namespace: namespaceOf(object),
    name: object.metadata.name,
  };
}

/** Writes an identity as the stable key `group/kind/namespace/name`; empty parts stay empty. */
export function formatObjectId(id: ObjectId): string {
  // Joined it is one piece of memory, which matters where thousands are kept.
  return [id.group, id.kind, id.namespace, id.name].join('/');
}

/** Reads the key written by {@link formatObjectId}; throws a RangeError for anything else. */
export function parseObjectId(text: string): ObjectId {
  const [group, kind, namespace, name, ...rest] = text.split('/');
  if (group === undefined || !kind || namespace === undefined || !name || rest.length > 0) {
    throw new RangeError(`not an object id: "${text}"`);
  }
  return { group, kind, namespace, name };
}

function isFilledText(value: Json | undefined): boolean {
  return typeof value === 'string' && value !== '';
}
