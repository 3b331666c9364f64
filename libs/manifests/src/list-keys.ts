import type { Json } from './json.ts';
import { fieldOf, isJsonObject } from './json.ts';

// Lists whose items have an identity, by the name of the field that holds them. An item that lacks
// an optional part of the key has the default.
const listKeys: Readonly<Record<string, readonly (readonly string[])[]>> = {
  conditions: [['type']],
  containers: [['name']],
  env: [['name']],
  ephemeralContainers: [['name']],
  hostAliases: [['ip']],
  imagePullSecrets: [['name']],
  initContainers: [['name']],
  ownerReferences: [['uid']],
  podIPs: [['ip']],
  ports: [
    ['containerPort', 'protocol'],
    ['port', 'protocol'],
  ],
  resourceClaims: [['name']],
  secrets: [['name']],
  topologySpreadConstraints: [['topologyKey', 'whenUnsatisfiable']],
  volumeClaimTemplates: [['metadata.name']],
  volumeDevices: [['devicePath']],
  volumeMounts: [['mountPath']],
  volumes: [['name']],
  versions: [['name']],
  webhooks: [['name']],
};

const defaults: Readonly<Record<string, string>> = { protocol: 'TCP' };

/** Gives each item of two lists its identity, or null when the lists have to be compared whole. */
export function listItemKeys(field: string, lists: readonly (readonly Json[])[]): string[][] | null {
  if (!Object.hasOwn(listKeys, field)) return null;
  for (const parts of listKeys[field] ?? []) {
    const keyed = itemKeysBy(parts, lists);
    if (keyed !== null) return keyed;
  }
  return null;
}

/** Gives each item of the lists its identity by these fields, or null when an item lacks one or two items are the same. */
export function itemKeysBy(parts: readonly string[], lists: readonly (readonly Json[])[]): string[][] | null {
  const keyed = lists.map((list) => keysOf(list, parts));
  return keyed.every((keys) => keys !== null) ? keyed : null;
}

function keysOf(list: readonly Json[], parts: readonly string[]): string[] | null {
  const keys: string[] = [];
  for (const item of list) {
    const key = itemKey(item, parts);
    if (key === null) return null;
    keys.push(key);
  }
  return new Set(keys).size === keys.length ? keys : null;
}

function itemKey(item: Json, parts: readonly string[]): string | null {
  if (!isJsonObject(item)) return null;
  const values: string[] = [];
  for (const part of parts) {
    let value: Json | undefined = item;
    for (const step of part.split('.')) value = fieldOf(value, step);
    value ??= defaults[part];
    if (value === undefined || typeof value === 'object') return null;
    values.push(String(value));
  }
  return JSON.stringify(values);
}
