import type { Json, JsonObject } from '@fairlead/manifests';
import { fieldAt, fieldOf, isJsonObject } from '@fairlead/manifests';

/** Who holds which fields of an object, and by which way of writing. */
export interface ManagedEntry {
  readonly manager: string;
  /** `Apply` or `Update`. */
  readonly operation: string;
  readonly subresource: string;
  readonly apiVersion: string;
  /** When the manager last changed something, ISO time; empty when the server does not say. */
  readonly at: string;
  readonly fields: JsonObject;
}

/** The managed fields of an object. */
export function managedEntries(object: Json): ManagedEntry[] {
  const entries = fieldAt(object, ['metadata', 'managedFields']);
  return (Array.isArray(entries) ? entries : []).map((entry) => {
    const fields = fieldOf(entry, 'fieldsV1');
    return {
      manager: text(fieldOf(entry, 'manager')),
      operation: text(fieldOf(entry, 'operation')),
      subresource: text(fieldOf(entry, 'subresource')),
      apiVersion: text(fieldOf(entry, 'apiVersion')),
      at: text(fieldOf(entry, 'time')),
      fields: isJsonObject(fields) ? fields : {},
    };
  });
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
