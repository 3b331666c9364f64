import type { Json, JsonObject, KubeObject, ListShape } from '@fairlead/manifests';
import { escapePointer, fieldOf, isJsonObject } from '@fairlead/manifests';
import { managedEntries } from '../managed-fields/managed-entry.ts';

/** The shapes of the lists of an object, by their place (a pointer without list items). */
export type ListShapes = ReadonlyMap<string, ListShape>;

/**
 * Reads the shapes of lists from managed fields: the server writes there by which fields it tells items apart, of built-in
 * and custom kinds alike, so that no schema has to be fetched.
 */
export function listShapes(...objects: readonly KubeObject[]): ListShapes {
  const shapes = new Map<string, ListShape>();
  for (const object of objects)
    for (const { fields } of managedEntries(object)) collect({ node: fields, value: object, place: '' }, shapes);
  return shapes;
}

interface Place {
  readonly node: JsonObject;
  readonly value: Json | undefined;
  readonly place: string;
}

function collect({ node, value, place }: Place, shapes: Map<string, ListShape>): void {
  const names = Object.keys(node);
  if (Array.isArray(value)) {
    const shape = shapeOf(names);
    // An empty list has no items that would tell.
    if (shape.kind !== 'atomic' || (!shapes.has(place) && value.length > 0)) shapes.set(place, shape);
  }
  for (const name of names) {
    const child = fieldOf(node, name);
    if (!isJsonObject(child)) continue;
    if (name.startsWith('f:')) {
      const field = name.slice(2);
      collect({ node: child, value: fieldOf(value, field), place: `${place}/${escapePointer(field)}` }, shapes);
    } else if (name.startsWith('k:') && Array.isArray(value)) {
      collect({ node: child, value: value.find((item) => hasKeys(item, name)), place }, shapes);
    }
  }
}

function shapeOf(names: readonly string[]): ListShape {
  const keyed = names.find((name) => name.startsWith('k:'));
  if (keyed !== undefined) return { kind: 'keyed', keys: Object.keys(JSON.parse(keyed.slice(2)) as JsonObject) };
  return names.some((name) => name.startsWith('v:')) ? { kind: 'set' } : { kind: 'atomic' };
}

function hasKeys(item: Json, name: string): boolean {
  const keys = JSON.parse(name.slice(2)) as JsonObject;
  return Object.entries(keys).every(([key, value]) => fieldOf(item, key) === value);
}
