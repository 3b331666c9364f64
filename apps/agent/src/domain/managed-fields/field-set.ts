import type { Json, JsonObject } from '@fairlead/manifests';
import { fieldOf, isJsonObject, jsonEquals } from '@fairlead/manifests';
import { isNamed } from '../ignore/field-path.ts';
import type { FieldPath, PathStep } from '../ignore/field-path.ts';

/** A set of managed fields as it travels: `f:` fields, `k:` and `v:` items of lists, `.` for the place itself. */
export type FieldSet = JsonObject;

/** Everything that is in one of the sets. */
export function mergeFields(left: FieldSet, right: FieldSet): FieldSet {
  const merged: FieldSet = { ...left };
  for (const [name, fields] of Object.entries(right)) {
    const mine = merged[name];
    merged[name] = isJsonObject(mine) && isJsonObject(fields) ? mergeFields(mine, fields) : fields;
  }
  return merged;
}

/** The set without one place and what is below it; steps are as in the set (`f:metadata`). */
export function withoutFields(fields: FieldSet, [step, ...rest]: readonly string[]): FieldSet {
  if (step === undefined) return fields;
  const { [step]: inner, ...others } = fields;
  if (!isJsonObject(inner) || rest.length === 0) return others;
  const left = withoutFields(inner, rest);
  return Object.keys(left).length === 0 ? others : { ...others, [step]: left };
}

/** Whether the set has the place, something below it, or something above it that is held as a whole. */
export function holdsField(fields: FieldSet, path: FieldPath): boolean {
  const [step, ...rest] = path;
  if (step === undefined) return true;
  return childrenOf(fields, step).some((child) => rest.length === 0 || isWhole(child) || holdsField(child, rest));
}

function isWhole(fields: FieldSet): boolean {
  return Object.keys(fields).length === 0;
}

function childrenOf(fields: FieldSet, step: PathStep): FieldSet[] {
  const found: Json[] = [];
  if (step.kind === 'field') found.push(fieldOf(fields, `f:${step.name}`) ?? null);
  else {
    for (const [name, child] of Object.entries(fields)) {
      const isItem = step.kind === 'item' && name.startsWith('k:') && isNamed(parse(name), step);
      if (isItem || (step.kind === 'value' && name.startsWith('v:') && jsonEquals(parse(name), step.value)))
        found.push(child);
    }
  }
  return found.filter(isJsonObject);
}

function parse(name: string): Json {
  return JSON.parse(name.slice(2)) as Json;
}
