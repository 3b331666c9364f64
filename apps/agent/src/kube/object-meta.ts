import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '@fairlead/manifests';
import { managedEntries } from '../domain/managed-fields/managed-entry.ts';
import type { ManagedEntry } from '../domain/managed-fields/managed-entry.ts';
import { canonicalJson, fieldAt, fieldOf, isJsonObject } from '@fairlead/manifests';

/** The one manager name of this product: another name would leave fields behind that nobody removes. */
export const fieldManager = 'fairlead';

/** What the agent keeps of an object's metadata; managed fields are hashed and dropped. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly deleting: boolean;
  readonly owned: boolean;
  /** Hash of the set of fields that our apply owns; empty when we own none. */
  readonly ownedSetHash: string;
  /** Who holds fields of the object. */
  readonly managers: readonly Pick<ManagedEntry, 'manager' | 'operation' | 'subresource'>[];
}

/** Reads the metadata of an object or of a PartialObjectMetadata. */
export function objectMeta(object: Json): ObjectMeta {
  const metadata = fieldOf(object, 'metadata');
  const owners = fieldOf(metadata, 'ownerReferences');
  const generation = fieldOf(metadata, 'generation');
  return {
    name: text(fieldOf(metadata, 'name')),
    namespace: text(fieldOf(metadata, 'namespace')),
    uid: text(fieldOf(metadata, 'uid')),
    resourceVersion: text(fieldOf(metadata, 'resourceVersion')),
    generation: typeof generation === 'number' ? generation : null,
    labels: texts(fieldOf(metadata, 'labels')),
    annotations: texts(fieldOf(metadata, 'annotations')),
    deleting: fieldOf(metadata, 'deletionTimestamp') !== undefined,
    owned: Array.isArray(owners) && owners.length > 0,
    // Most events are echoes of our own writes: nobody asks for their hash.
    get ownedSetHash() {
      return ownedSetHash(fieldOf(metadata, 'managedFields'));
    },
    get managers() {
      return managedEntries(object);
    },
  };
}

/**
 * Hash of the fields in our own Apply entry. It changes exactly when a field that we own is changed, removed or taken
 * over by somebody else; never on status, defaults or foreign additions.
 */
function ownedSetHash(managedFields: Json | undefined): string {
  for (const entry of Array.isArray(managedFields) ? managedFields : []) {
    if (fieldOf(entry, 'manager') !== fieldManager || fieldOf(entry, 'operation') !== 'Apply') continue;
    if (text(fieldOf(entry, 'subresource')) !== '') continue;
    const fields: Json = fieldAt(entry, ['fieldsV1']) ?? null;
    return createHash('sha256').update(canonicalJson(fields)).digest('base64url').slice(0, 22);
  }
  return '';
}

function texts(value: Json | undefined): Record<string, string> {
  const result: Record<string, string> = {};
  const fields: JsonObject = isJsonObject(value) ? value : {};
  for (const [key, field] of Object.entries(fields)) if (typeof field === 'string') result[key] = field;
  return result;
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
