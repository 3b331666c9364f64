import { canonicalJson } from './canonical-json.ts';
import type { Json, JsonObject } from './json.ts';
import { isJsonObject, jsonEquals } from './json.ts';
import { itemKeysBy, listItemKeys } from './list-keys.ts';

export interface DiffItem {
  /** RFC 6901 pointer; an item of a keyed list has the index it has in `desired`, else in `live`. */
  readonly path: string;
  /** Absent when the field is only in the live object. */
  readonly desired?: Json;
  /** Absent when the field is only in the desired object. */
  readonly live?: Json;
}

/** What makes an item of a list the same item: some of its fields, its whole value, or nothing (the list is one value). */
export type ListShape =
  { readonly kind: 'keyed'; readonly keys: readonly string[] } | { readonly kind: 'set' } | { readonly kind: 'atomic' };

export interface DiffOptions {
  /** Do not report fields that only the live object has. */
  readonly ignoreExtra?: boolean;
  /** The shape of a list by its place (pointer without list items); where it gives nothing, well-known names decide. */
  readonly listAt?: (place: string) => ListShape | undefined;
}

/** Compares two objects field by field; lists with known keys are compared item by item, others whole. */
export function diffObjects(desired: Json, live: Json, options: DiffOptions = {}): DiffItem[] {
  const items: DiffItem[] = [];
  diffValues({ path: '', place: '', field: '', desired, live }, options, items);
  return items;
}

interface Place {
  readonly path: string;
  /** As `path`, without the indexes of list items. */
  readonly place: string;
  readonly field: string;
  readonly desired: Json | undefined;
  readonly live: Json | undefined;
}

// Always told entry by entry: that the whole map came or went says nothing.
const entryMaps = new Set(['/metadata/labels', '/metadata/annotations']);

function diffValues(place: Place, options: DiffOptions, items: DiffItem[]): void {
  const { path } = place;
  const whole = entryMaps.has(path) ? {} : undefined;
  const desired = place.desired ?? whole;
  const live = place.live ?? whole;
  if (desired === undefined) {
    if (live !== undefined && options.ignoreExtra !== true) items.push({ path, live });
    return;
  }
  if (live === undefined) {
    items.push({ path, desired });
    return;
  }
  if (isJsonObject(desired) && isJsonObject(live)) {
    diffFields({ ...place, desired, live }, options, items);
    return;
  }
  if (Array.isArray(desired) && Array.isArray(live)) {
    const shape = options.listAt?.(place.place);
    if (shape?.kind === 'set' && sameItems(desired, live)) return;
    const keys = shape === undefined ? listItemKeys(place.field, [desired, live]) : keysByShape(shape, [desired, live]);
    if (keys !== null) {
      diffKeyedLists({ path, place: place.place, desired, live, keys }, options, items);
      return;
    }
  }
  if (!jsonEquals(desired, live)) items.push({ path, desired, live });
}

function keysByShape(shape: ListShape, lists: readonly (readonly Json[])[]): string[][] | null {
  return shape.kind === 'keyed' ? itemKeysBy(shape.keys, lists) : null;
}

function sameItems(left: readonly Json[], right: readonly Json[]): boolean {
  const texts = (list: readonly Json[]) => list.map((item) => canonicalJson(item)).sort();
  return jsonEquals(texts(left), texts(right));
}

function diffFields(
  { path, place, desired, live }: Place & { desired: JsonObject; live: JsonObject },
  options: DiffOptions,
  items: DiffItem[],
): void {
  const fields = new Set([...Object.keys(desired), ...Object.keys(live)]);
  for (const field of [...fields].sort()) {
    const step = escapePointer(field);
    const next = {
      path: `${path}/${step}`,
      place: `${place}/${step}`,
      field,
      desired: Object.hasOwn(desired, field) ? desired[field] : undefined,
      live: Object.hasOwn(live, field) ? live[field] : undefined,
    };
    diffValues(next, options, items);
  }
}

interface KeyedLists {
  readonly path: string;
  readonly place: string;
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
    const path = `${lists.path}/${index}`;
    diffValues({ path, place: lists.place, field: '', desired: lists.desired[index], live }, options, items);
  });
  const wanted = new Set(desiredKeys);
  liveKeys.forEach((key, index) => {
    if (wanted.has(key)) return;
    if (options.ignoreExtra !== true) items.push({ path: `${lists.path}/${index}`, live: lists.live[index] as Json });
  });
}

/** Escapes one step of an RFC 6901 pointer. */
export function escapePointer(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1');
}
