import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { JsonObject } from '@fairlead/manifests';
import { encodeBase64 } from '@fairlead/manifests';
import { applySetId, appLabel, inventoryLabel, inventoryName } from '../marks.ts';
import { formatEntry } from './entry-lines.ts';
import type { Inventory } from './inventory.ts';

export const tooling = 'applyset.kubernetes.io/tooling';
export const applySet = 'applyset.kubernetes.io/id';
export const stateAnnotation = 'fairlead.dev/inventory-state';
export const digestAnnotation = 'fairlead.dev/inventory-digest';
export const rebuiltAnnotation = 'fairlead.dev/inventory-rebuilt';
/** Names the shards of a large inventory; together they are the list. */
export const shardsAnnotation = 'fairlead.dev/inventory-shards';
export const shardMark = 'shard';

const plainLimitBytes = 400 * 1024;
// A ConfigMap holds 1 MiB; gzip never makes a text of names longer.
const shardLimitBytes = 900 * 1024;
const shardLimitEntries = 4000;

/** The ConfigMaps of an inventory: the parent that counts, and the shards it names when the list is too long for one. */
export interface InventoryObjects {
  readonly parent: JsonObject;
  readonly shards: readonly JsonObject[];
}

/** Writes an inventory as ConfigMaps, marked as kubectl's ApplySets mark their parents. No object refers to them as owner. */
export function inventoryObjects(inventory: Inventory, namespace: string, version: string): InventoryObjects {
  const chunks = chunksOf(inventory.entries.map(formatEntry).sort());
  const shards = chunks.length > 1 ? chunks.map((lines) => shardObject(inventory.app, namespace, lines)) : [];
  const content = shards.length > 0 ? {} : contentOf(chunks[0] ?? '');
  return { parent: { ...parentObject(inventory, namespace, version, shards.map(nameOf)), ...content }, shards };
}

function parentObject(inventory: Inventory, namespace: string, version: string, shards: readonly string[]): JsonObject {
  const name = inventoryName(inventory.app);
  const kinds = new Set(inventory.entries.map(({ id }) => (id.group === '' ? id.kind : `${id.kind}.${id.group}`)));
  const namespaces = new Set(inventory.entries.map(({ id }) => id.namespace));
  namespaces.delete('');
  namespaces.delete(namespace);
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name,
      namespace,
      labels: { [inventoryLabel]: 'true', [applySet]: applySetId(name, namespace) },
      annotations: {
        [appLabel]: inventory.app,
        [tooling]: `fairlead/${version}`,
        'applyset.kubernetes.io/contains-group-kinds': [...kinds].sort().join(','),
        'applyset.kubernetes.io/additional-namespaces': [...namespaces].sort().join(','),
        'fairlead.dev/prune': 'disabled',
        [stateAnnotation]: inventory.state,
        ...(inventory.digest === null ? {} : { [digestAnnotation]: inventory.digest }),
        ...(inventory.rebuilt ? { [rebuiltAnnotation]: 'true' } : {}),
        ...(shards.length === 0 ? {} : { [shardsAnnotation]: shards.join(',') }),
      },
    },
  };
}

/** Named after its content: a shard is never changed, only replaced, and the parent decides which ones count. */
function shardObject(app: string, namespace: string, lines: string): JsonObject {
  const hash = createHash('sha256').update(lines).digest('hex').slice(0, 16);
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: `${inventoryName(app)}.${hash}`,
      namespace,
      labels: { [inventoryLabel]: shardMark },
      annotations: { [appLabel]: app, 'fairlead.dev/prune': 'disabled' },
    },
    ...contentOf(lines),
  };
}

function nameOf(object: JsonObject): string {
  return (object['metadata'] as { name: string }).name;
}

function contentOf(lines: string): JsonObject {
  return Buffer.byteLength(lines) <= plainLimitBytes
    ? { data: { objects: lines } }
    : { binaryData: { 'objects.gz': encodeBase64(gzipSync(lines)) } };
}

function chunksOf(lines: readonly string[]): string[] {
  const chunks: string[] = [];
  let chunk: string[] = [];
  let bytes = 0;
  for (const line of lines) {
    const length = Buffer.byteLength(line) + 1;
    if (chunk.length === shardLimitEntries || bytes + length > shardLimitBytes) {
      chunks.push(chunk.join('\n'));
      chunk = [];
      bytes = 0;
    }
    chunk.push(line);
    bytes += length;
  }
  return [...chunks, chunk.join('\n')];
}
