import type { Json, JsonObject } from '@fairlead/manifests';
import { isJsonObject, jsonEquals } from '@fairlead/manifests';
import type { Part } from './merge-error.ts';
import { MergeError } from './merge-error.ts';

interface KeyedLists {
  readonly base: Json[];
  readonly patch: Json[] | undefined;
  readonly keys: readonly string[];
  readonly mergeItem: (item: Part, change: Part) => Part;
}

type KeyValues = readonly string[];

/** Merges lists of plain values: those of the patch first, then the rest, none twice. */
export function mergeTextList(base: readonly Json[], patch: readonly Json[] | undefined): Json[] {
  const merged: Json[] = [];
  for (const item of [...(patch ?? []), ...base]) {
    if (!merged.some((present) => jsonEquals(present, item))) merged.push(item);
  }
  return merged;
}

/**
 * Merges lists whose items have an identity. Items of the patch come first, then the rest of the base;
 * of two items of the base with one identity the last stays. A second key (such as the protocol of a
 * port) counts only as far as items have it.
 */
export function mergeKeyedList(lists: KeyedLists): Json[] | undefined {
  const base = itemsOf(lists.base);
  const patch = lists.patch === undefined ? undefined : itemsOf(lists.patch);
  // Kustomize keeps the one item that nobody can find.
  if (patch === undefined && base.length === 1 && keyText(base[0] ?? {}, lists.keys[0] ?? '') === '') return lists.base;
  const values = identities([...(patch ?? []), ...base], lists.keys);
  if (values.length === 0) return lists.base;
  const keys = lists.keys.filter((_key, index) => values.some((value) => value[index] !== ''));
  if (keys[0] !== lists.keys[0]) throw new MergeError(`an item of a list has no "${lists.keys[0]}"`);
  const merged: JsonObject[] = [];
  for (const all of values) {
    const identity = lists.keys.flatMap((key, index) => (keys.includes(key) ? [all[index] ?? ''] : []));
    mergeOne({ base, patch, keys, mergeItem: lists.mergeItem, merged }, identity);
  }
  for (const item of base) appendBaseItem(merged, item, keys);
  return merged;
}

interface ItemMerge {
  readonly mergeItem: (item: Part, change: Part) => Part;
  readonly base: JsonObject[];
  readonly patch: JsonObject[] | undefined;
  readonly keys: readonly string[];
  readonly merged: JsonObject[];
}

function mergeOne(merge: ItemMerge, identity: KeyValues): void {
  const { base, patch, keys, merged } = merge;
  const value = merge.mergeItem(findItem(base, keys, identity), patch && findItem(patch, keys, identity));
  if (!isJsonObject(value) || Object.keys(value).length === 0) {
    const rest = base.filter((item) => !isItem(item, keys, identity));
    base.splice(0, base.length, ...rest);
    return;
  }
  keys.forEach((key, index) => {
    const text = identity[index] ?? '';
    if (!Object.hasOwn(value, key) && text !== '') value[key] = text;
  });
  setItem(merged, value, (item) => isItem(item, keys, identity));
}

/** Base items take the place of what was merged from them; one that is not there yet goes to the end. */
function appendBaseItem(merged: JsonObject[], item: JsonObject, keys: readonly string[]): void {
  const given = keys.filter((key) => Object.hasOwn(item, key));
  const identity = given.map((key) => keyText(item, key));
  const isSame = (other: JsonObject): boolean => isItem(other, given, identity);
  if (keys.length > 1) {
    const rest = merged.filter((other) => !isSame(other));
    merged.splice(0, merged.length, ...rest, item);
    return;
  }
  setItem(merged, item, isSame);
}

function setItem(list: JsonObject[], value: JsonObject, isSame: (item: JsonObject) => boolean): void {
  let isFound = false;
  list.forEach((item, index) => {
    if (!isSame(item)) return;
    list[index] = value;
    isFound = true;
  });
  if (!isFound) list.push(value);
}

/** The first item with an identity; a part of the identity that is empty is not looked at. */
function findItem(list: readonly JsonObject[], keys: readonly string[], identity: KeyValues): JsonObject | undefined {
  return list.find((item) =>
    keys.every((key, index) => {
      const text = identity[index] ?? '';
      return text === '' || (Object.hasOwn(item, key) && keyText(item, key) === text);
    }),
  );
}

/** Tells whether an item has every key, with the value where one is given. */
function isItem(item: JsonObject, keys: readonly string[], identity: KeyValues): boolean {
  return keys.every((key, index) => {
    const text = identity[index] ?? '';
    return Object.hasOwn(item, key) && (text === '' || keyText(item, key) === text);
  });
}

/** The identities of items in order, none twice; half-given ones are completed from each other. */
function identities(items: readonly JsonObject[], keys: readonly string[]): KeyValues[] {
  const values: KeyValues[] = [];
  const seen = new Set<string>();
  for (const item of items) {
    const value = keys.map((key) => keyText(item, key));
    if (value[0] === '') throw new MergeError(`an item of a list has no "${keys[0] ?? ''}"`);
    const mark = JSON.stringify(value);
    if (!seen.has(mark)) values.push(value);
    seen.add(mark);
  }
  if (keys.length > 1) completeIdentities(values);
  return values;
}

function completeIdentities(values: KeyValues[]): void {
  for (let i = 0; i < values.length; i += 1) {
    for (let j = 0; j < values.length; j += 1) {
      const completed = combine(values[i] ?? [], values[j] ?? []);
      if (completed !== null) values[i] = values[j] = completed;
    }
  }
}

function combine(left: KeyValues, right: KeyValues): KeyValues | null {
  const isConflict = left.some((text, index) => text !== '' && right[index] !== '' && text !== right[index]);
  const hasShared = left.some((text, index) => text === right[index]);
  return isConflict || !hasShared ? null : left.map((text, index) => text || (right[index] ?? ''));
}

function keyText(item: JsonObject, key: string): string {
  const value = Object.hasOwn(item, key) ? item[key] : undefined;
  return value === undefined || value === null || typeof value === 'object' ? '' : String(value);
}

function itemsOf(list: readonly Json[]): JsonObject[] {
  return list.map((item) => {
    if (!isJsonObject(item)) throw new MergeError('a list with merge keys has an item that is no map');
    return item;
  });
}
