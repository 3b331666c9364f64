import type { Json, JsonObject, KubeObject } from '@fairlead/manifests';
import { fieldOf, isJsonObject } from '@fairlead/manifests';
import type { FieldPath, PathStep } from '../ignore/field-path.ts';
import { managedEntries } from './managed-entry.ts';

/** Every field that one of these managers holds on the live object, its status left out. */
export function managedPaths(live: KubeObject, managers: ReadonlySet<string>): FieldPath[] {
  if (managers.size === 0) return [];
  return managedEntries(live)
    .filter((entry) => managers.has(entry.manager) && entry.subresource !== 'status')
    .flatMap((entry) => fieldPaths(entry.fields));
}

/** The places that a set of managed fields (`fieldsV1`) ends in. */
function fieldPaths(fields: JsonObject): FieldPath[] {
  const paths: FieldPath[] = [];
  collect(fields, [], paths);
  return paths;
}

function collect(fields: Json, path: FieldPath, paths: FieldPath[]): void {
  if (!isJsonObject(fields)) return;
  const names = Object.keys(fields).filter((name) => name !== '.');
  if (names.length === 0 && path.length > 0) paths.push(path);
  for (const name of names) {
    const step = stepOf(name);
    if (step !== null) collect(fieldOf(fields, name) ?? {}, [...path, step], paths);
  }
}

function stepOf(name: string): PathStep | null {
  const rest = name.slice(2);
  if (name.startsWith('f:')) return { kind: 'field', name: rest };
  if (name.startsWith('i:')) return { kind: 'field', name: rest };
  if (name.startsWith('v:')) return { kind: 'value', value: JSON.parse(rest) as Json };
  if (name.startsWith('k:')) return { kind: 'item', keys: Object.entries(JSON.parse(rest) as JsonObject) };
  return null;
}
