import type { Json, KubeObject } from '@fairlead/manifests';
import { escapePointer, fieldOf, isJsonObject, jsonEquals } from '@fairlead/manifests';
import { splitPointer } from '../ignore/field-path.ts';
import type { ListShapes } from './list-shapes.ts';

/**
 * Whether a place that a pointer names in `object` is in `declared` too, as it is or as part of a value that is declared whole.
 * Items of lists are the same when their keys are, wherever they stand.
 */
export function isDeclared(
  pointer: string,
  { object, declared, shapes }: { object: KubeObject; declared: KubeObject; shapes: ListShapes },
): boolean {
  let value: Json | undefined = object;
  let said: Json | undefined = declared;
  let place = '';
  for (const step of splitPointer(pointer)) {
    if (Array.isArray(value)) {
      const item: Json | undefined = value[Number(step)];
      if (!Array.isArray(said)) return said !== undefined;
      const shape = shapes.get(place);
      // Without keys the list is one value, and it is declared.
      if (shape === undefined || shape.kind === 'atomic') return true;
      const keys = shape.kind === 'keyed' ? shape.keys : null;
      said = said.find((each) => isSameItem(each, item, keys));
      value = item;
    } else {
      if (said !== undefined && !isJsonObject(said)) return true;
      said = fieldOf(said, step);
      value = fieldOf(value, step);
      place += `/${escapePointer(step)}`;
    }
    if (said === undefined) return false;
  }
  return true;
}

function isSameItem(left: Json, right: Json | undefined, keys: readonly string[] | null): boolean {
  if (keys === null) return jsonEquals(left, right);
  return keys.every((key) => jsonEquals(keyOf(left, key), keyOf(right, key)));
}

// The one part of a list key that may be left out.
function keyOf(item: Json | undefined, key: string): Json | undefined {
  return fieldOf(item, key) ?? (key === 'protocol' ? 'TCP' : undefined);
}
