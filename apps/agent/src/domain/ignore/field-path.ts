import type { Json, JsonObject } from '@fairlead/manifests';
import { fieldOf, isJsonObject, jsonEquals } from '@fairlead/manifests';

/** One step from a value into it. Items of lists are named by what they hold, because their places change. */
export type PathStep =
  | { readonly kind: 'field'; readonly name: string }
  /** The items of a list whose fields have these values. */
  | { readonly kind: 'item'; readonly keys: readonly (readonly [string, Json])[] }
  /** The item of a list of plain values. */
  | { readonly kind: 'value'; readonly value: Json };

/** A place in an object; may mean several places when a list has several such items. */
export type FieldPath = readonly PathStep[];

const selector = /^\[([^=,[\]]+=[^,[\]]*(?:,[^=,[\]]+=[^,[\]]*)*)\]$/;

/** Reads an RFC 6901 pointer whose steps may be `[key=value]` (or `[key=value,key=value]`) for an item of a list. */
export function parseFieldPath(pointer: string): FieldPath {
  return splitPointer(pointer).map((step): PathStep => {
    const keys = selector.exec(step)?.[1];
    if (keys === undefined) return { kind: 'field', name: step };
    return {
      kind: 'item',
      keys: keys.split(',').map((key) => [key.slice(0, key.indexOf('=')), key.slice(key.indexOf('=') + 1)] as const),
    };
  });
}

/** The plain steps of an RFC 6901 pointer. */
export function splitPointer(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Whether a plain pointer into an object leads to this place or below it. */
export function covers(path: FieldPath, pointer: string, object: Json): boolean {
  const steps = splitPointer(pointer);
  if (steps.length < path.length) return false;
  let value: Json | undefined = object;
  for (const [depth, step] of path.entries()) {
    const name = steps[depth] ?? '';
    if (step.kind === 'field' ? step.name !== name : !isNamed(stepInto(value, name), step)) return false;
    value = stepInto(value, name);
  }
  return true;
}

/** Whether an item of a list is the one (or one of those) that a step names. */
export function isNamed(item: Json | undefined, step: Exclude<PathStep, { kind: 'field' }>): boolean {
  if (item === undefined) return false;
  if (step.kind === 'value') return jsonEquals(item, step.value);
  return isJsonObject(item) && step.keys.every(([key, value]) => textOf(keyOf(item, key)) === textOf(value));
}

// The one part of a list key that may be left out.
function keyOf(item: JsonObject, key: string): Json | undefined {
  return fieldOf(item, key) ?? (key === 'protocol' ? 'TCP' : undefined);
}

function textOf(value: Json | undefined): string | null {
  return value === undefined || value === null || typeof value === 'object' ? null : String(value);
}

function stepInto(value: Json | undefined, name: string): Json | undefined {
  return Array.isArray(value) ? value[Number(name)] : fieldOf(value, name);
}
