import type { Json, JsonObject } from './json.ts';
import { isJsonObject, jsonEquals } from './json.ts';
import { listItemKeys } from './list-keys.ts';

export interface DiffItem {
  /** RFC 6901 pointer; an item of a keyed list has the index it has in `desired`, else in `live`. */
  readonly path: string;
  /** Absent when the field is only in the live object. */
  readonly desired?: Json;
  /** Absent when the field is only in the desired object. */
  readonly live?: Json;
}

export interface DiffOptions {
  /** Do not report fields that only the live object has. */
  readonly ignoreExtra?: boolean;
}

/** Compares two objects field by field; lists with known keys are compared item by item, others whole. */
export function diffObjects(desired: Json, live: Json, options: DiffOptions = {}): DiffItem[] {
  const items: DiffItem[] = [];
  diffValues({ path: '', field: '', desired, live }, options, items);
  return items;
}

interface Place {
  readonly path: string;
  readonly field: string;
  readonly desired: Json | undefined;
  readonly live: Json | undefined;
}

function diffValues(place: Place, options: DiffOptions, items: DiffItem[]): void {
  const { path, field, desired, live } = place;
  if (desired === undefined) {
    if (live !== undefined && options.ignoreExtra !== true) items.push({ path, live });
    return;
  }
  if (live === undefined) {
    items.push({ path, desired });
    return;
  }
  if (isJsonObject(desired) && isJsonObject(live)) {
    diffFields(path, desired, live, options, items);
    return;
  }
  if (Array.isArray(desired) && Array.isArray(live)) {
    const keys = listItemKeys(field, [desired, live]);
    if (keys !== null) {
      diffKeyedLists({ path, desired, live, keys }, options, items);
      return;
    }
  }
  if (!jsonEquals(desired, live)) items.push({ path, desired, live });
}

function diffFields(
  path: string,
  desired: JsonObject,
  live: JsonObject,
  options: DiffOptions,
  items: DiffItem[],
): void {
  const fields = new Set([...Object.keys(desired), ...Object.keys(live)]);
  for (const field of [...fields].sort()) {
    const place = {
      path: `${path}/${escapePointer(field)}`,
      field,
      desired: Object.hasOwn(desired, field) ? desired[field] : undefined,
      live: Object.hasOwn(live, field) ? live[field] : undefined,
    };
    diffValues(place, options, items);
  }
}

interface KeyedLists {
  readonly path: string;
  readonly desired: readonly Json[];
  readonly live: readonly Json[];
  readonly keys: readonly (readonly string[])[];
}

function diffKeyedLists(lists: KeyedLists, options: DiffOptions, items: DiffItem[]): void {
  const [desiredKeys = [], liveKeys = []] = lists.keys;
  const liveIndex = new Map(liveKeys.map((key, index) => [key, index]));
  desiredKeys.forEach((key, index) => {
    const other = liveIndex.get(key);
    const live = other === undefined ? undefined : lists.live[other];
    diffValues({ path: `${lists.path}/${index}`, field: '', desired: lists.desired[index], live }, options, items);
  });
  const wanted = new Set(desiredKeys);
  liveKeys.forEach((key, index) => {
    if (wanted.has(key)) return;
    diffValues(
      { path: `${lists.path}/${index}`, field: '', desired: undefined, live: lists.live[index] },
      options,
      items,
    );
  });
}

/** Escapes one step of an RFC 6901 pointer. */
export function escapePointer(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1');
}
