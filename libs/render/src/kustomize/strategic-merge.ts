import type { Json, JsonObject } from '@fairlead/manifests';
import { isJsonObject } from '@fairlead/manifests';
import type { Part } from './merge-error.ts';
import { MergeError } from './merge-error.ts';
import { mergeKeyedList, mergeTextList } from './merge-lists.ts';
import type { MergeShape, MergeShapes } from './merge-shape.ts';
import { builtinShapes, shapeOfField } from './merge-shape.ts';
import type { SharedEntries } from './shared-entries.ts';

/**
 * Merges a patch into an object as kustomize does it: maps by field, lists with merge keys by item, other
 * lists as a whole, `null` deletes. Both arguments may be changed; gives undefined when nothing is left.
 */
export function strategicMerge(
  target: JsonObject,
  patch: JsonObject,
  shared: SharedEntries,
  shapes: MergeShapes = builtinShapes,
): JsonObject | undefined {
  const shape = shapeOfEmbedded(target, shapes) ?? shapeOfEmbedded(patch, shapes);
  const merged = new Merge(shared, shapes, shape !== undefined).parts(target, patch, shape);
  return isJsonObject(merged) ? merged : undefined;
}

class Merge {
  readonly #shared: SharedEntries;
  readonly #shapes: MergeShapes;
  readonly #isKnownKind: boolean;

  constructor(shared: SharedEntries, shapes: MergeShapes, isKnownKind: boolean) {
    this.#shared = shared;
    this.#shapes = shapes;
    this.#isKnownKind = isKnownKind;
  }

  /** Merges two parts of the same place; gives undefined when the place is to be cleared. */
  parts(target: Part, patch: Part, known: MergeShape | undefined): Part {
    // Nothing to change here, and below no list that merging would put in order.
    if (patch === undefined && known === undefined && this.#isKnownKind) return target;
    const shape = known ?? shapeOfEmbedded(target, this.#shapes) ?? shapeOfEmbedded(patch, this.#shapes);
    const leading = target ?? patch;
    if (leading === undefined || leading === null) return this.#maps(target, patch, shape);
    if (Array.isArray(leading)) {
      requireSame(Array.isArray(patch ?? leading), 'list');
      return this.#lists(target, patch, shape);
    }
    if (isJsonObject(leading)) {
      requireSame(isJsonObject(patch ?? leading), 'map');
      return this.#maps(target, patch, shape);
    }
    requireSame(typeof (patch ?? leading) !== 'object', 'single value');
    return patch === undefined ? target : (patch ?? undefined);
  }

  #maps(target: Part, patch: Part, shape: MergeShape | undefined): Part {
    const merged = chooseMap(target, patch);
    // What is left here as null was written in the target, and stays.
    if (!isJsonObject(merged)) return merged;
    const other = isJsonObject(patch) ? patch : undefined;
    for (const field of fieldsOf(merged, other)) {
      const present = ownField(merged, field);
      const value = this.parts(present, ownField(other, field), shapeOfField(shape, field));
      if (value === undefined) delete merged[field];
      else if (value !== present) this.#shared.write(merged, field, value);
    }
    return merged;
  }

  #lists(target: Part, patch: Part, shape: MergeShape | undefined): Part {
    const targetList = Array.isArray(target) ? target : undefined;
    if (shape?.mergeKeys === undefined) return patch === undefined ? targetList : (patch ?? undefined);
    if (patch === null) return undefined;
    const patchList = Array.isArray(patch) ? patch : undefined;
    const directive = targetList === undefined || patchList === undefined ? 'merge' : takeListDirective(patchList);
    if (directive === 'delete') return undefined;
    const base = directive === 'replace' || targetList === undefined ? patchList : targetList;
    if (base === undefined) return undefined;
    if (shape.mergeKeys.length === 0) return mergeTextList(base, patchList);
    const mergeItem = (item: Part, change: Part): Part => this.parts(item, change, shape.items);
    return mergeKeyedList({ base, patch: patchList, keys: shape.mergeKeys, mergeItem });
  }
}

/** The fields of both in the order in which they are merged; it shows where values are shared. */
function fieldsOf(merged: JsonObject, other: JsonObject | undefined): string[] {
  const fields = Object.keys(merged);
  if (other !== undefined) for (const field in other) if (!Object.hasOwn(merged, field)) fields.push(field);
  return fields.sort();
}

/** Which of two maps is carried on with; a directive in the patch decides. */
function chooseMap(target: Part, patch: Part): Part {
  if (target === undefined || target === null) {
    if (isJsonObject(patch) && takeDirective(patch) === 'delete') return undefined;
    if (patch === undefined) return target;
    return patch ?? undefined;
  }
  if (patch === undefined) return target;
  if (!isJsonObject(patch)) return undefined;
  const directive = takeDirective(patch);
  if (directive === 'delete') return undefined;
  return directive === 'replace' ? patch : target;
}

type Directive = 'merge' | 'replace' | 'delete';

/** Reads and removes `$patch` of a map. */
function takeDirective(patch: JsonObject): Directive {
  const directive = ownField(patch, '$patch');
  if (directive === undefined || directive === null) return 'merge';
  delete patch['$patch'];
  return knownDirective(directive);
}

/** Reads and removes the item `$patch: …` of a list; the item must have nothing else. */
function takeListDirective(patch: Json[]): Directive {
  const item = patch.find((entry) => isJsonObject(entry) && Object.hasOwn(entry, '$patch'));
  if (!isJsonObject(item) || Object.keys(item).length > 1) return 'merge';
  const directive = item['$patch'];
  const rest = patch.filter((entry) => !isJsonObject(entry) || ownField(entry, '$patch') !== directive);
  patch.splice(0, patch.length, ...rest);
  return knownDirective(directive);
}

function knownDirective(directive: Part): Directive {
  if (directive === 'merge' || directive === 'replace' || directive === 'delete') return directive;
  throw new MergeError(`unknown patch directive "${String(directive)}"`);
}

function ownField(map: JsonObject | undefined, field: string): Part {
  return map !== undefined && Object.hasOwn(map, field) ? map[field] : undefined;
}

function requireSame(isSame: boolean, expected: string): void {
  if (!isSame) throw new MergeError(`the patch has something else where the object has a ${expected}`);
}

/** An object inside another (such as in a template of a custom resource) is merged by its own kind. */
function shapeOfEmbedded(part: Part, shapes: MergeShapes): MergeShape | undefined {
  if (!isJsonObject(part)) return undefined;
  const apiVersion = ownField(part, 'apiVersion');
  const kind = ownField(part, 'kind');
  return typeof apiVersion === 'string' && typeof kind === 'string' ? shapes(apiVersion, kind) : undefined;
}
