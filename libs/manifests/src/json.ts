/** A JSON value that keeps integers beyond 2^53 exact as `bigint`. */
export type Json = null | boolean | number | bigint | string | Json[] | JsonObject;

export interface JsonObject {
  [key: string]: Json;
}

/** Tells whether a value is a JSON object (not null, not a list). */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads an own field; inherited names such as `constructor` are never seen. */
export function fieldOf(value: Json | undefined, key: string): Json | undefined {
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Reads a nested own field. */
export function fieldAt(value: Json | undefined, path: readonly string[]): Json | undefined {
  let current = value;
  for (const key of path) current = fieldOf(current, key);
  return current;
}

/** Copies a value deeply; shared parts of the source are not shared in the copy. */
export function cloneJson<T extends Json>(value: T): T;
export function cloneJson(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items: Json[] = new Array<Json>(value.length);
    for (let index = 0; index < value.length; index += 1) items[index] = cloneJson(value[index] ?? null);
    return items;
  }
  const fields: JsonObject = {};
  for (const key in value) fields[key] = cloneJson(value[key] ?? null);
  return fields;
}

/** Structural equality; object key order does not matter, `1` and `1n` are the same number. */
export function jsonEquals(left: Json | undefined, right: Json | undefined): boolean {
  if (left === right) return true;
  if (typeof left === 'bigint' || typeof right === 'bigint') {
    return (
      typeof left !== 'object' && typeof right !== 'object' && isNumeric(left) && isNumeric(right) && left == right
    );
  }
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false;
    return left.every((item, index) => jsonEquals(item, right[index]));
  }
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every((key) => Object.hasOwn(right, key) && jsonEquals(left[key], right[key]));
}

function isNumeric(value: Json | undefined): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}
