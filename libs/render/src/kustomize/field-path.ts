import type { Json, JsonObject, KubeObject } from '@fairlead/manifests';
import { isJsonObject } from '@fairlead/manifests';
import type { GvkPattern } from './gvk.ts';
import { gvkOf, isSelectedBy } from './gvk.ts';

/** A field of some kinds; lists on the way are entered without being named. */
export interface FieldSpec extends GvkPattern {
  readonly path: string;
  /** Create the field, and maps on the way to it, when they are not there. */
  readonly create?: boolean;
}

/** Why a path cannot be followed in an object. */
export class FieldPathError extends Error {}

/** Gives the new value of the field, or undefined to leave it. */
export type FieldVisitor = (value: Json) => Json | undefined;

type Created = 'map' | 'text' | 'none';

interface Walk {
  readonly steps: readonly string[];
  readonly create: boolean;
  readonly created: Created;
  readonly visit: FieldVisitor;
}

const splitPaths = new Map<string, readonly string[]>();

/** Tells whether a field spec is about the kind of an object. */
function appliesTo(spec: FieldSpec, object: KubeObject): boolean {
  if (spec.kind !== undefined && spec.kind !== object.kind) return false;
  if (spec.group === undefined && spec.version === undefined) return true;
  return isSelectedBy(gvkOf(object.apiVersion, object.kind), spec);
}

/** Visits a field of an object wherever its path leads. */
export function visitField(object: KubeObject, spec: FieldSpec, created: Created, visit: FieldVisitor): void {
  if (!appliesTo(spec, object)) return;
  const walk: Walk = { steps: stepsOf(spec.path), create: spec.create === true, created, visit };
  enter(object, 0, walk);
}

/** The steps of a path; `\/` is a slash inside a step. */
function stepsOf(path: string): readonly string[] {
  let steps = splitPaths.get(path);
  if (steps === undefined) {
    steps = path
      .replace(/^\//, '')
      .split(/(?<!\\)\//)
      .map((step) => step.replaceAll('\\/', '/'));
    splitPaths.set(path, steps);
  }
  return steps;
}

/** Follows the path below a value; gives what has to stand in its place. */
function enter(value: Json, depth: number, walk: Walk): Json {
  if (depth === walk.steps.length) return walk.visit(value) ?? value;
  if (value === null) return value;
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      value[index] = enter(item, depth, walk);
    });
    return value;
  }
  if (!isJsonObject(value)) throw new FieldPathError(`"${walk.steps.slice(0, depth).join('/')}" is no map and no list`);
  enterMap(value, depth, walk);
  return value;
}

function enterMap(map: JsonObject, depth: number, walk: Walk): void {
  const step = walk.steps[depth] ?? '';
  const isList = step.endsWith('[]');
  const name = isList ? step.slice(0, -2) : step;
  if (name === '__proto__') throw new FieldPathError('the field "__proto__" is not allowed');
  const mayCreate = walk.create && walk.created !== 'none' && !isList;
  const present = Object.hasOwn(map, name) ? map[name] : undefined;
  if (present === undefined && !mayCreate) return;
  const isLast = depth + 1 === walk.steps.length;
  const blank: Json = mayCreate ? (isLast && walk.created === 'text' ? '' : {}) : isList ? [] : null;
  map[name] = enter(present ?? blank, depth + 1, walk);
}
