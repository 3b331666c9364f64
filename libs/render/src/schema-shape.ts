import type { Json, JsonObject, YamlPath } from '@fairlead/manifests';
import { isJsonObject, nearestName } from '@fairlead/manifests';

/** What a part of a strict document may look like. `null` always means "not given". */
export type Shape =
  | { readonly type: 'text'; readonly accepts?: (value: string) => boolean; readonly expected?: string }
  | { readonly type: 'flag' }
  | { readonly type: 'integer'; readonly least?: number }
  | { readonly type: 'countOrPercent' }
  | { readonly type: 'choice'; readonly of: readonly string[] }
  | { readonly type: 'list'; readonly of: Shape; readonly most?: number }
  | { readonly type: 'map'; readonly of: Shape }
  | { readonly type: 'fields'; readonly fields: Readonly<Record<string, Shape>>; readonly required?: readonly string[] }
  | { readonly type: 'either'; readonly text: Shape; readonly fields: Shape }
  | { readonly type: 'any' }
  | { readonly type: 'unsupported'; readonly hint?: string };

export interface ShapeProblem {
  readonly path: YamlPath;
  readonly message: string;
  readonly hint?: string;
}

export const text: Shape = { type: 'text' };
export const flag: Shape = { type: 'flag' };
export const anything: Shape = { type: 'any' };
export const unsupported: Shape = { type: 'unsupported' };
export const texts: Shape = { type: 'list', of: text };
export const textMap: Shape = { type: 'map', of: text };

/** Lists everything in a value that the shape does not allow. */
export function checkShape(value: Json, shape: Shape, path: YamlPath = []): ShapeProblem[] {
  if (value === null) return [];
  if (shape.type === 'any') return [];
  if (shape.type === 'unsupported')
    return shape.hint !== undefined && isEmptyList(value) ? [] : [unsupportedField(path, shape.hint)];
  if (shape.type === 'either') return checkShape(value, isJsonObject(value) ? shape.fields : shape.text, path);
  if (shape.type === 'list') return checkList(value, shape, path);
  if (shape.type === 'map') return checkMap(value, shape, path);
  if (shape.type === 'fields') return checkFields(value, shape, path);
  const expected = expectationOf(value, shape);
  return expected === null ? [] : [{ path, message: `${nameOf(path)} must be ${expected}` }];
}

type ScalarShape = Extract<Shape, { type: 'text' | 'flag' | 'integer' | 'countOrPercent' | 'choice' }>;

/** What should stand there instead, or null when the value is right. */
function expectationOf(value: Json, shape: ScalarShape): string | null {
  switch (shape.type) {
    case 'text':
      if (typeof value !== 'string') return shape.expected ?? 'a text (put it in quotes)';
      return shape.accepts?.(value) === false ? (shape.expected ?? 'written in another way') : null;
    case 'flag':
      return typeof value === 'boolean' ? null : 'true or false';
    case 'integer':
      return Number.isInteger(value) && Number(value) >= (shape.least ?? -Infinity) ? null : integerText(shape.least);
    case 'countOrPercent': {
      const isCount = Number.isInteger(value) && Number(value) >= 0;
      const isShare = typeof value === 'string' && /^\d+(\.\d+)?%$/.test(value) && Number.parseFloat(value) <= 100;
      return isCount || isShare ? null : 'a count or a percentage such as 25%';
    }
    case 'choice':
      return typeof value === 'string' && shape.of.includes(value) ? null : `one of ${shape.of.join(', ')}`;
  }
}

function integerText(least: number | undefined): string {
  return least === undefined ? 'an integer' : `an integer of at least ${least}`;
}

function checkList(value: Json, shape: Extract<Shape, { type: 'list' }>, path: YamlPath): ShapeProblem[] {
  if (!Array.isArray(value)) return [{ path, message: `${nameOf(path)} must be a list` }];
  if (shape.most !== undefined && value.length > shape.most) {
    return [{ path, message: `${nameOf(path)} has more than ${shape.most} entries` }];
  }
  return value.flatMap((item, index) => {
    const place = [...path, index];
    return item === null
      ? [{ path: place, message: `${nameOf(path)} has an empty entry` }]
      : checkShape(item, shape.of, place);
  });
}

function checkMap(value: Json, shape: Extract<Shape, { type: 'map' }>, path: YamlPath): ShapeProblem[] {
  if (!isJsonObject(value)) return [{ path, message: `${nameOf(path)} must be a map` }];
  return Object.entries(value).flatMap(([key, field]) => checkShape(field, shape.of, [...path, key]));
}

function checkFields(value: Json, shape: Extract<Shape, { type: 'fields' }>, path: YamlPath): ShapeProblem[] {
  if (!isJsonObject(value)) return [{ path, message: `${nameOf(path)} must be a map` }];
  const problems: ShapeProblem[] = [];
  for (const [key, field] of Object.entries(value)) {
    const known = Object.hasOwn(shape.fields, key) ? shape.fields[key] : undefined;
    if (known === undefined) problems.push(unknownField(key, shape, path));
    else problems.push(...checkShape(field, known, [...path, key]));
  }
  for (const key of shape.required ?? []) {
    if (value[key] === undefined || value[key] === null)
      problems.push({ path, message: `"${key}" is missing in ${nameOf(path)}` });
  }
  return problems;
}

function isEmptyList(value: Json): boolean {
  return Array.isArray(value) && value.length === 0;
}

function unsupportedField(path: YamlPath, hint: string | undefined): ShapeProblem {
  const problem = { path, message: `not supported by this version: ${path.join('.')}` };
  return hint === undefined ? problem : { ...problem, hint };
}

function unknownField(key: string, shape: Extract<Shape, { type: 'fields' }>, path: YamlPath): ShapeProblem {
  const nearest = nearestName(key, Object.keys(shape.fields));
  const problem = { path: [...path, key], message: `unknown field "${key}"` };
  return nearest === null ? problem : { ...problem, hint: `did you mean "${nearest}"?` };
}

function nameOf(path: YamlPath): string {
  return path.length === 0 ? 'the document' : path.join('.');
}

/**
 * Writes field names as the shape has them: the readers of Kubernetes tools take `fieldRef` for `fieldref`.
 * A name that is given twice in that way stays, and is unknown.
 */
export function withKnownNames(value: Json, shape: Shape): Json {
  if (!hasOtherNames(value, shape)) return value;
  if (shape.type === 'list' && Array.isArray(value)) return value.map((item) => withKnownNames(item, shape.of));
  if (shape.type !== 'fields' || !isJsonObject(value)) return value;
  const named: JsonObject = {};
  for (const [key, field] of Object.entries(value)) {
    const known = knownName(key, value, shape.fields);
    const of = Object.hasOwn(shape.fields, known) ? shape.fields[known] : undefined;
    named[known] = of === undefined ? field : withKnownNames(field, of);
  }
  return named;
}

function hasOtherNames(value: Json, shape: Shape): boolean {
  if (shape.type === 'list') return Array.isArray(value) && value.some((item) => hasOtherNames(item, shape.of));
  if (shape.type !== 'fields' || !isJsonObject(value)) return false;
  for (const key in value) {
    const known = Object.hasOwn(shape.fields, key) ? shape.fields[key] : undefined;
    if (known === undefined || hasOtherNames(value[key] ?? null, known)) return true;
  }
  return false;
}

function knownName(key: string, value: JsonObject, fields: Readonly<Record<string, Shape>>): string {
  if (Object.hasOwn(fields, key)) return key;
  const lower = key.toLowerCase();
  const rivals = Object.keys(value).filter((other) => other.toLowerCase() === lower);
  const known = Object.keys(fields).find((name) => name.toLowerCase() === lower);
  return known === undefined || rivals.length > 1 ? key : known;
}
