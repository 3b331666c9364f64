import type { Json, JsonObject } from '@fairlead/manifests';
import { fieldOf, isJsonObject } from '@fairlead/manifests';
import { isNamed } from './field-path.ts';
import type { FieldPath, PathStep } from './field-path.ts';

export interface TakeOptions {
  /** Leave alone what the object itself says nothing about. */
  readonly declaredOnly: boolean;
}

/** The object with what `source` has at these places; what `source` lacks there goes. Neither argument is changed. */
export function takeFrom<T extends Json>(
  object: T,
  source: Json | undefined,
  paths: readonly FieldPath[],
  options: TakeOptions,
): T {
  let taken: Json = object;
  for (const path of paths) taken = takeAt(taken, source, path, options) ?? taken;
  return taken as T;
}

function takeAt(
  object: Json | undefined,
  source: Json | undefined,
  path: FieldPath,
  options: TakeOptions,
): Json | undefined {
  if (object === undefined && (options.declaredOnly || source === undefined)) return undefined;
  const [step, ...rest] = path;
  if (step === undefined) return source;
  if (step.kind !== 'field') return takeItems(object, source, { step, rest, options });
  if (Array.isArray(object)) return takeIndex(object, source, { index: step.name, rest, options });
  if (object !== undefined && !isJsonObject(object)) return object;
  const was = fieldOf(object, step.name);
  const field = takeAt(was, fieldOf(source, step.name), rest, options);
  if (field === was) return object;
  if (field === undefined) return without(object ?? {}, step.name);
  return { ...object, [step.name]: field };
}

/** A map that is left with nothing goes too: an empty one would still be declared. */
function without(object: JsonObject, name: string): JsonObject | undefined {
  const { [name]: _gone, ...left } = object;
  return Object.keys(left).length === 0 ? undefined : left;
}

interface ItemStep {
  readonly step: Exclude<PathStep, { kind: 'field' }>;
  readonly rest: FieldPath;
  readonly options: TakeOptions;
}

function takeItems(object: Json | undefined, source: Json | undefined, { step, rest, options }: ItemStep) {
  if (!Array.isArray(object)) return object;
  const items = Array.isArray(source) ? source : [];
  let changed = false;
  const taken = object.flatMap((item) => {
    if (!isNamed(item, step)) return [item];
    const other = items.find((candidate) => isNamed(candidate, step));
    const next = takeAt(item, other, rest, options);
    changed ||= next !== item;
    return next === undefined ? [] : [next];
  });
  const isNew = !options.declaredOnly && rest.length === 0 && !object.some((item) => isNamed(item, step));
  if (isNew) taken.push(...items.filter((item) => isNamed(item, step)));
  return changed || taken.length > object.length ? taken : object;
}

function takeIndex(
  object: Json[],
  source: Json | undefined,
  { index, rest, options }: { index: string; rest: FieldPath; options: TakeOptions },
): Json[] {
  const place = /^\d+$/.test(index) ? Number(index) : -1;
  if (place < 0 || place >= object.length) return object;
  const next = takeAt(object[place], Array.isArray(source) ? source[place] : undefined, rest, options);
  if (next === object[place]) return object;
  return next === undefined ? object.toSpliced(place, 1) : object.with(place, next);
}
