import type { Json, JsonObject } from '@fairlead/manifests';
import { cloneJson, fieldOf, isJsonObject, jsonEquals } from '@fairlead/manifests';
import { sizeOf } from './copy-budget.ts';

/** Why a JSON patch does not apply. */
export class JsonPatchError extends Error {}

/** Applies RFC 6902 operations in order; the document itself is changed. */
export function applyJsonPatch(
  document: JsonObject,
  operations: readonly JsonObject[],
  spend: (size: number) => void = () => undefined,
): JsonObject {
  let root: Json = document;
  for (const operation of operations) root = applyOperation(root, operation, spend);
  if (!isJsonObject(root)) throw new JsonPatchError('the patch leaves no object');
  return root;
}

function applyOperation(root: Json, operation: JsonObject, spend: (size: number) => void): Json {
  const path = pointerOf(operation, 'path');
  spend(sizeOf(operation));
  const value = cloneJson(fieldOf(operation, 'value') ?? null);
  const kind = fieldOf(operation, 'op');
  if (path === '' && kind === 'replace') return value;
  if (path === '' && kind === 'test') {
    requireEqual(root, value, path);
    return root;
  }
  switch (kind) {
    case 'add':
      add(root, path, value);
      return root;
    case 'remove':
      remove(root, path);
      return root;
    case 'replace':
      replace(root, path, value);
      return root;
    case 'test':
      requireEqual(read(root, path), value, path);
      return root;
    case 'move': {
      const from = pointerOf(operation, 'from');
      const moved = read(root, from);
      remove(root, from);
      add(root, path, moved);
      return root;
    }
    case 'copy': {
      const copied = read(root, pointerOf(operation, 'from'));
      spend(sizeOf(copied));
      add(root, path, cloneJson(copied));
      return root;
    }
    default:
      throw new JsonPatchError(`unknown operation "${String(kind)}"`);
  }
}

type Container = JsonObject | Json[];

function pointerOf(operation: JsonObject, field: 'path' | 'from'): string {
  const pointer = fieldOf(operation, field);
  if (typeof pointer !== 'string') throw new JsonPatchError(`an operation has no "${field}"`);
  return pointer;
}

/** The container that holds what a pointer names, and the last step of the pointer. */
function holderOf(root: Json, pointer: string): { holder: Container; key: string } {
  const steps = pointer.split('/').slice(1).map(unescapeStep);
  const key = steps.pop();
  if (key === '__proto__') throw new JsonPatchError('the field "__proto__" is not allowed');
  if (key === undefined) throw new JsonPatchError(`"${pointer}" names no field`);
  let current: Json | undefined = root;
  for (const step of steps) {
    current = Array.isArray(current) ? current[indexOf(step, current.length)] : fieldOf(current, step);
  }
  if (Array.isArray(current) || isJsonObject(current)) return { holder: current, key };
  throw new JsonPatchError(`"${pointer}" leads through something that is not there`);
}

function unescapeStep(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

function read(root: Json, pointer: string): Json {
  const { holder, key } = holderOf(root, pointer);
  if (Array.isArray(holder)) return holder[indexOf(key, holder.length)] ?? null;
  return fieldOf(holder, key) ?? null;
}

function add(root: Json, pointer: string, value: Json): void {
  const { holder, key } = holderOf(root, pointer);
  if (!Array.isArray(holder)) holder[key] = value;
  else if (key === '-') holder.push(value);
  else holder.splice(indexOf(key, holder.length + 1), 0, value);
}

function remove(root: Json, pointer: string): void {
  const { holder, key } = holderOf(root, pointer);
  if (Array.isArray(holder)) {
    holder.splice(indexOf(key, holder.length), 1);
    return;
  }
  if (!Object.hasOwn(holder, key)) throw new JsonPatchError(`"${pointer}" is not there and cannot be removed`);
  delete holder[key];
}

function replace(root: Json, pointer: string, value: Json): void {
  const { holder, key } = holderOf(root, pointer);
  if (Array.isArray(holder)) holder[indexOf(key, holder.length)] = value;
  // A field that is not there is added: kustomize accepts that.
  else holder[key] = value;
}

/** A list index; a negative one counts from the end. */
function indexOf(step: string, length: number): number {
  if (!/^[-+]?\d+$/.test(step)) throw new JsonPatchError(`"${step}" is no list index`);
  const index = Number(step);
  const fromStart = index < 0 ? index + length : index;
  if (fromStart < 0 || fromStart >= length) throw new JsonPatchError(`there is no list item ${step}`);
  return fromStart;
}

function requireEqual(present: Json, expected: Json, pointer: string): void {
  if (!jsonEquals(present, expected)) throw new JsonPatchError(`the test of "${pointer}" failed`);
}
