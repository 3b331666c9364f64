import { gunzipSync } from 'node:zlib';
import type { JsonObject } from '@fairlead/manifests';
import { decodeBase64, fieldAt } from '@fairlead/manifests';
import { applySetId, appLabel, inventoryName } from '../marks.ts';
import { parseEntries } from './entry-lines.ts';
import type { Inventory, InventoryEntry } from './inventory.ts';
import {
  applySet,
  digestAnnotation,
  rebuiltAnnotation,
  shardsAnnotation,
  stateAnnotation,
  tooling,
} from './inventory-objects.ts';

/** What a ConfigMap with the name of an inventory turned out to be. */
export type ReadParent =
  | { readonly kind: 'inventory'; readonly inventory: Inventory; readonly shards: readonly string[] }
  /** Another tool's, or copied from another place: it is never written, and nothing of the app is. */
  | {
      readonly kind: 'refused';
      readonly reason: 'InventoryOfOtherTool' | 'InventoryIdMismatch';
      readonly message: string;
    };

/** Reads the parent of an inventory; with shards, the entries are in them. */
export function readParent(app: string, object: JsonObject, namespace: string): ReadParent {
  const name = inventoryName(app);
  const madeBy = annotation(object, tooling);
  if (!madeBy.startsWith('fairlead/')) {
    const who = madeBy === '' ? 'no tool has signed it' : `"${madeBy}" has made it`;
    const message = `the ConfigMap ${name} in ${namespace} is not an inventory of this agent: ${who}; rename or delete it`;
    return { kind: 'refused', reason: 'InventoryOfOtherTool', message };
  }
  const id = fieldAt(object, ['metadata', 'labels', applySet]);
  const expected = applySetId(name, namespace);
  if (id !== expected || annotation(object, appLabel) !== app) {
    const message = `the inventory ${name} in ${namespace} carries the id of another one: label ${applySet} must be "${expected}" and annotation ${appLabel} "${app}"; it may be a copy`;
    return { kind: 'refused', reason: 'InventoryIdMismatch', message };
  }
  const shards = annotation(object, shardsAnnotation);
  return {
    kind: 'inventory',
    inventory: {
      app,
      state: annotation(object, stateAnnotation) === 'settled' ? 'settled' : 'applying',
      digest: annotation(object, digestAnnotation) || null,
      rebuilt: annotation(object, rebuiltAnnotation) === 'true',
      entries: readEntries(object),
    },
    shards: shards === '' ? [] : shards.split(','),
  };
}

/** The entries in a parent or a shard. */
export function readEntries(object: JsonObject): InventoryEntry[] {
  const packed = fieldAt(object, ['binaryData', 'objects.gz']);
  const plain = fieldAt(object, ['data', 'objects']);
  const lines = typeof packed === 'string' ? gunzipSync(decodeBase64(packed)).toString('utf8') : plain;
  return typeof lines === 'string' ? parseEntries(lines) : [];
}

function annotation(object: JsonObject, name: string): string {
  const value = fieldAt(object, ['metadata', 'annotations', name]);
  return typeof value === 'string' ? value : '';
}
