import { gunzipSync, gzipSync } from 'node:zlib';
import type { JsonObject, ObjectId } from '@fairlead/manifests';
import { decodeBase64, encodeBase64, fieldAt, formatObjectId, parseObjectId } from '@fairlead/manifests';
import { applySetId, appLabel, inventoryLabel, inventoryName } from '../marks.ts';

/** What an app owns (or may own: entries are written before the first apply). */
export interface InventoryEntry {
  readonly id: ObjectId;
  readonly apiVersion: string;
}

export interface Inventory {
  readonly app: string;
  readonly entries: readonly InventoryEntry[];
}

const plainLimitBytes = 400 * 1024;

/** The ConfigMap of an inventory, marked as kubectl's ApplySets mark their parents. */
export function inventoryObject(inventory: Inventory, namespace: string, version: string): JsonObject {
  const name = inventoryName(inventory.app);
  const lines = inventory.entries
    .map((entry) => `${formatObjectId(entry.id)} ${entry.apiVersion}`)
    .sort()
    .join('\n');
  const kinds = new Set(inventory.entries.map(({ id }) => (id.group === '' ? id.kind : `${id.kind}.${id.group}`)));
  const namespaces = new Set(
    inventory.entries.map(({ id }) => id.namespace).filter((other) => other !== '' && other !== namespace),
  );
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name,
      namespace,
      labels: { [inventoryLabel]: 'true', 'applyset.kubernetes.io/id': applySetId(name, namespace) },
      annotations: {
        [appLabel]: inventory.app,
        'applyset.kubernetes.io/tooling': `fairlead/${version}`,
        'applyset.kubernetes.io/contains-group-kinds': [...kinds].sort().join(','),
        'applyset.kubernetes.io/additional-namespaces': [...namespaces].sort().join(','),
        'fairlead.dev/prune': 'disabled',
      },
    },
    ...(Buffer.byteLength(lines) <= plainLimitBytes
      ? { data: { objects: lines } }
      : { binaryData: { 'objects.gz': encodeBase64(gzipSync(lines)) } }),
  };
}

/** Reads an inventory; null when the object is not one of ours (another tool's, or renamed). */
export function readInventory(object: JsonObject, namespace: string): Inventory | null {
  const app = fieldAt(object, ['metadata', 'annotations', appLabel]);
  const name = fieldAt(object, ['metadata', 'name']);
  const tooling = fieldAt(object, ['metadata', 'annotations', 'applyset.kubernetes.io/tooling']);
  if (typeof app !== 'string' || name !== inventoryName(app)) return null;
  if (typeof tooling !== 'string' || !tooling.startsWith('fairlead/')) return null;
  if (fieldAt(object, ['metadata', 'labels', 'applyset.kubernetes.io/id']) !== applySetId(name, namespace)) return null;
  const packed = fieldAt(object, ['binaryData', 'objects.gz']);
  const plain = fieldAt(object, ['data', 'objects']);
  const lines = typeof packed === 'string' ? gunzipSync(decodeBase64(packed)).toString('utf8') : plain;
  const entries: InventoryEntry[] = [];
  for (const line of typeof lines === 'string' ? lines.split('\n') : []) {
    const [key, apiVersion] = line.split(' ');
    if (key && apiVersion) entries.push({ id: parseObjectId(key), apiVersion });
  }
  return { app, entries };
}
