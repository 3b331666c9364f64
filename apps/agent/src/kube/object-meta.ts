import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '@fairlead/manifests';
import { managedEntries } from '../domain/managed-fields/managed-entry.ts';
import type { ManagedEntry } from '../domain/managed-fields/managed-entry.ts';
import { canonicalJson, fieldAt, fieldOf, isJsonObject } from '@fairlead/manifests';
import { outsidersOf } from '../domain/managed-fields/outsiders.ts';

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
  /** Hash of the fields that people and their tools hold besides us; empty when there are none. */
  readonly foreignHash: string;
  /** Changes with everything that can make or end drift; status may change as it likes. */
  readonly stateHash: string;
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
    get foreignHash() {
      return foreignHash(object);
    },
    get stateHash() {
      const { uid, labels, annotations, ownedSetHash: owned } = this;
      // Kinds without a generation have no status either, or none that changes often.
      const version = this.generation === null ? this.resourceVersion : String(this.generation);
      return hashOf([uid, version, labels, annotations, owned]);
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
    return hashOf(fields);
  }
  return '';
}

/** Hash of which fields outsiders hold, whatever the values and however often they write them. */
function foreignHash(object: Json): string {
  const entries = outsidersOf(managedEntries(object)).map(({ manager, fields }) => {
    // Old clients mix the status into their entry.
    const { 'f:status': _status, ...rest } = fields;
    return [manager, rest];
  });
  return entries.length === 0 ? '' : hashOf(entries);
}

function hashOf(value: Json): string {
  return createHash('sha256').update(canonicalJson(value)).digest().toString('base64url', 0, 16);
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
