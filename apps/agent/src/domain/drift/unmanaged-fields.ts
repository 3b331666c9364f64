import type { Json, JsonObject, KubeObject } from '@fairlead/manifests';
import { escapePointer, fieldOf, isJsonObject, jsonEquals } from '@fairlead/manifests';
import { managedEntries } from '../managed-fields/managed-entry.ts';
import type { ManagedEntry } from '../managed-fields/managed-entry.ts';
import { outsidersOf } from '../managed-fields/outsiders.ts';
import { saysNothing } from './default-values.ts';

/** A field that somebody set and that Git says nothing about. */
export interface UnmanagedField {
  readonly path: string;
  readonly value: Json;
  readonly entry: ManagedEntry;
}

const mostFields = 50;
// What well-known tools add; it changes nothing about what the object is for.
const bookkeeping = new Set([
  'caBundle',
  'kubectl.kubernetes.io/restartedAt',
  'kubectl.kubernetes.io/last-applied-configuration',
  'deployment.kubernetes.io/revision',
]);

/**
 * Fields of a live object that no controller set and that are not declared, each with who has it. An added container or map
 * is one finding; labels and annotations are found one by one.
 */
export function unmanagedFields(live: KubeObject, declared: KubeObject): UnmanagedField[] {
  const found = new Map<string, UnmanagedField>();
  for (const entry of outsidersOf(managedEntries(live))) {
    const report = (path: string, value: Json) => {
      const known = found.get(path);
      if (known !== undefined && known.entry.at >= entry.at) return;
      if (known !== undefined || found.size < mostFields) found.set(path, { path, value, entry });
    };
    compare({ node: entry.fields, declared, value: live, path: '', field: '' }, report);
  }
  return [...found.values()];
}

interface Place {
  readonly node: JsonObject;
  readonly declared: Json | undefined;
  readonly value: Json;
  readonly path: string;
  readonly field: string;
}

function compare(place: Place, report: (path: string, value: Json) => void): void {
  for (const name of Object.keys(place.node)) {
    const child = stepInto(place, name);
    if (child === null || isOutOfScope(child.path)) continue;
    const isLeaf = Object.keys(child.node).length === 0;
    const isWhole = isLeaf || fieldOf(child.node, '.') !== undefined;
    const isEntryMap = /\/(labels|annotations)$/.test(child.path);
    if (child.declared === undefined ? !isWhole || isEntryMap : !isLeaf) compare(child, report);
    else if (child.declared !== undefined || bookkeeping.has(child.field)) continue;
    else if (!saysNothing(child.field, child.value)) report(child.path, child.value);
  }
}

function stepInto({ node, declared, value, path }: Place, name: string): Place | null {
  const child = fieldOf(node, name);
  const inner = childOf(value, name);
  if (!isJsonObject(child) || inner === null) return null;
  return {
    node: child,
    declared: childOf(declared, name)?.value,
    value: inner.value,
    path: `${path}/${escapePointer(inner.step)}`,
    field: inner.step,
  };
}

/** What a name of a set of managed fields means in a value. */
function childOf(value: Json | undefined, name: string): { step: string; value: Json } | null {
  if (name.startsWith('f:')) {
    const field = fieldOf(value, name.slice(2));
    return field === undefined ? null : { step: name.slice(2), value: field };
  }
  const isKeyed = name.startsWith('k:');
  if (!Array.isArray(value) || (!isKeyed && !name.startsWith('v:'))) return null;
  const wanted = JSON.parse(name.slice(2)) as Json;
  const index = value.findIndex((item) =>
    isKeyed && isJsonObject(wanted)
      ? Object.entries(wanted).every(([key, part]) => jsonEquals(keyOf(item, key), part))
      : jsonEquals(item, wanted),
  );
  return index < 0 ? null : { step: String(index), value: value[index] as Json };
}

// The one part of a list key that may be left out.
function keyOf(item: Json, key: string): Json | undefined {
  return fieldOf(item, key) ?? (key === 'protocol' ? 'TCP' : undefined);
}

function isOutOfScope(path: string): boolean {
  if (path === '/status' || path === '/apiVersion' || path === '/kind') return true;
  return path.startsWith('/metadata/') && !/^\/metadata\/(labels|annotations)(\/|$)/.test(path);
}
