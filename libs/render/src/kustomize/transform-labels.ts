import type { JsonObject, KubeObject } from '@fairlead/manifests';
import { isJsonObject } from '@fairlead/manifests';
import type { FieldSpec } from './field-path.ts';
import { FieldPathError, visitField } from './field-path.ts';
import type { Resource } from './resource.ts';

/** Sets entries in every map that the field specs lead to: labels, selectors, annotations. */
export function setMapEntries(
  resources: readonly Resource[],
  entries: Readonly<Record<string, string>>,
  specs: readonly FieldSpec[],
): void {
  const keys = Object.keys(entries).sort();
  if (keys.length === 0) return;
  for (const resource of resources) {
    const maps = mapsAt(resource.object, specs);
    for (const key of keys) resource.shared.setInAll(maps, key, entries[key] ?? '');
  }
}

function mapsAt(object: KubeObject, specs: readonly FieldSpec[]): JsonObject[] {
  const maps: JsonObject[] = [];
  for (const spec of specs) {
    visitField(object, spec, 'map', (map) => {
      if (!isJsonObject(map)) throw new FieldPathError(`"${spec.path}" is no map`);
      maps.push(map);
      return map;
    });
  }
  return maps;
}
