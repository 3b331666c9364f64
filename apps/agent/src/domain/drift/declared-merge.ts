import type { Json, JsonObject, KubeObject } from '@fairlead/manifests';
import { cloneJson, escapePointer, fieldOf, isJsonObject, jsonEquals } from '@fairlead/manifests';
import type { ListShapes } from './list-shapes.ts';
import { isSameQuantity } from './quantity.ts';

// Fields below which values are amounts.
const amounts = new Set([
  'limits',
  'requests',
  'hard',
  'capacity',
  'allocatable',
  'default',
  'defaultRequest',
  'max',
  'min',
  'overhead',
]);

/**
 * What an apply would most likely give, computed without the server: the live object with what is declared laid over it.
 * For kinds whose webhooks refuse dry runs.
 */
export function mergeDeclared(live: KubeObject, declared: KubeObject, shapes: ListShapes): KubeObject {
  return merge({ live, declared, place: '', parent: '' }, shapes) as KubeObject;
}

interface Place {
  readonly live: Json | undefined;
  readonly declared: Json;
  readonly place: string;
  /** Name of the field that holds this one. */
  readonly parent: string;
}

function merge({ live, declared, place, parent }: Place, shapes: ListShapes): Json {
  if (isJsonObject(declared) && (isJsonObject(live) || live === undefined)) {
    return mergeFields({ live: live ?? {}, declared, place }, shapes);
  }
  if (Array.isArray(declared) && Array.isArray(live)) {
    const shape = shapes.get(place);
    if (shape?.kind === 'keyed') return mergeItems({ live, declared, place }, shape.keys, shapes);
    if (shape?.kind === 'set')
      return [...live, ...declared.filter((item) => !live.some((each) => jsonEquals(each, item)))];
  }
  if (
    live !== undefined &&
    amounts.has(parent) &&
    isScalar(live) &&
    isScalar(declared) &&
    isSameQuantity(live, declared)
  )
    return live;
  return cloneJson(declared);
}

function mergeFields(
  { live, declared, place }: { live: JsonObject; declared: JsonObject; place: string },
  shapes: ListShapes,
): JsonObject {
  const merged: JsonObject = { ...live };
  const parent = place.slice(place.lastIndexOf('/') + 1);
  for (const [field, value] of Object.entries(declared)) {
    const was = fieldOf(live, field);
    // Nothing declared, and nothing there: the server keeps no empty fields.
    if (value === null || (was === undefined && isEmpty(value))) continue;
    merged[field] = merge({ live: was, declared: value, place: `${place}/${escapePointer(field)}`, parent }, shapes);
  }
  return merged;
}

function mergeItems(
  { live, declared, place }: { live: Json[]; declared: Json[]; place: string },
  keys: readonly string[],
  shapes: ListShapes,
): Json[] {
  const isSame = (left: Json, right: Json) => keys.every((key) => jsonEquals(keyOf(left, key), keyOf(right, key)));
  const kept = live.map((item) => {
    const wanted = declared.find((each) => isSame(each, item));
    return wanted === undefined ? item : merge({ live: item, declared: wanted, place, parent: '' }, shapes);
  });
  return [...kept, ...declared.filter((item) => !live.some((each) => isSame(each, item)))];
}

function keyOf(item: Json, key: string): Json | undefined {
  return fieldOf(item, key) ?? (key === 'protocol' ? 'TCP' : undefined);
}

function isScalar(value: Json): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

function isEmpty(value: Json): boolean {
  return Array.isArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0;
}
