import type { Json, JsonObject } from '@fairlead/manifests';

/** One thing that a kustomization can say, with the files that it needs. */
export interface Feature {
  readonly name: string;
  readonly fields: JsonObject;
  readonly files?: Readonly<Record<string, string>>;
}

/** Joins the fields of features: lists one after the other, maps by key. Null when one contradicts the other. */
export function joinFields(features: readonly Feature[]): JsonObject | null {
  const joined: JsonObject = {};
  for (const { fields } of features) {
    for (const [key, value] of Object.entries(fields)) {
      const present = joined[key];
      const both = present === undefined ? value : joinValues(present, value);
      if (both === null) return null;
      joined[key] = both;
    }
  }
  return joined;
}

function joinValues(left: Json, right: Json): Json {
  if (Array.isArray(left) && Array.isArray(right)) return [...left, ...right];
  const areMaps = [left, right].every((value) => typeof value === 'object' && value !== null && !Array.isArray(value));
  return areMaps ? { ...(left as JsonObject), ...(right as JsonObject) } : null;
}
