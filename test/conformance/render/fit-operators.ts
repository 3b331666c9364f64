import type { Json, JsonObject } from '@fairlead/manifests';
import { fieldAt, fieldOf, isJsonObject } from '@fairlead/manifests';

const scalable = ['Deployment', 'StatefulSet', 'ReplicaSet'];

/**
 * Drops what cannot apply to the objects that are there, so that most random trees build: a tree that both
 * sides refuse says little.
 */
export function fitOperators(operators: JsonObject, objects: readonly JsonObject[]): JsonObject {
  const present = new Set(objects.map((object) => kindAndName(object)));
  const kept = (key: string, isKept: (entry: Json) => boolean): Json[] => {
    const list = fieldOf(operators, key);
    return Array.isArray(list) ? list.filter(isKept) : [];
  };
  const isScaled = (entry: Json): boolean =>
    scalable.some((kind) => present.has(`${kind}/${String(fieldOf(entry, 'name'))}`));
  return {
    ...operators,
    replicas: kept('replicas', isScaled),
    patches: kept('patches', (entry) => isPatchFitting(entry, objects, present)),
    configMapGenerator: kept('configMapGenerator', (entry) => isGeneratorFitting('ConfigMap', entry, present)),
    secretGenerator: kept('secretGenerator', (entry) => isGeneratorFitting('Secret', entry, present)),
  };
}

function isPatchFitting(entry: Json, objects: readonly JsonObject[], present: ReadonlySet<string>): boolean {
  const patch = JSON.parse(String(fieldOf(entry, 'patch'))) as Json;
  if (fieldOf(entry, 'target') === undefined) {
    const matching = objects.find((object) => isJsonObject(patch) && kindAndName(object) === kindAndName(patch));
    return matching !== undefined && fieldAt(matching, ['metadata', 'namespace']) === undefined;
  }
  return present.size > 0;
}

function isGeneratorFitting(kind: string, entry: Json, present: ReadonlySet<string>): boolean {
  const behavior = fieldOf(entry, 'behavior') ?? 'create';
  return behavior === 'create' || present.has(`${kind}/${String(fieldOf(entry, 'name'))}`);
}

/** Gives what generators create a name that nobody has yet. */
export function withFreshNames(operators: JsonObject, taken: Set<string>): JsonObject {
  const renamed = { ...operators };
  for (const [key, kind] of [
    ['configMapGenerator', 'ConfigMap'],
    ['secretGenerator', 'Secret'],
  ] as const) {
    const list = renamed[key];
    if (!Array.isArray(list)) continue;
    renamed[key] = list.map((entry) => {
      const behavior = fieldOf(entry, 'behavior') ?? 'create';
      if (!isJsonObject(entry) || behavior !== 'create') return entry;
      let name = String(entry['name']);
      while (taken.has(`${kind}/${name}`)) name += '-more';
      taken.add(`${kind}/${name}`);
      return { ...entry, name };
    });
  }
  return renamed;
}

/** An object as the pools of names know it. */
export function kindAndName(object: JsonObject): string {
  return `${String(object['kind'])}/${String(fieldAt(object, ['metadata', 'name']))}`;
}

/** Drops replacements, variables and old patches whose objects are not there. */
export function fitMore(fields: JsonObject, objects: readonly JsonObject[]): JsonObject {
  const fitting: JsonObject = { ...fields };
  const keep = (key: string, isKept: (entry: Json) => boolean): void => {
    const list = fitting[key];
    if (!Array.isArray(list)) return;
    const kept = list.filter(isKept);
    if (kept.length > 0) fitting[key] = kept;
    else delete fitting[key];
  };
  keep('replacements', (entry) => isSourceThere(fieldOf(entry, 'source'), objects));
  keep('vars', (entry) => isVarThere(entry, objects));
  keep('patchesStrategicMerge', (entry) => isPatchFitting({ patch: entry }, objects, new Set()));
  return fitting;
}

function isSourceThere(source: Json | undefined, objects: readonly JsonObject[]): boolean {
  const matching = objects.filter((object) => isJsonObject(source) && isNamed(object, source));
  const path = String(fieldOf(source, 'fieldPath') ?? 'metadata.name').split('.');
  const isPlain = path.every((step) => /^[a-zA-Z]+$/.test(step));
  return matching.length === 1 && (!isPlain || fieldAt(matching[0], path) !== undefined);
}

function isVarThere(variable: Json, objects: readonly JsonObject[]): boolean {
  const object = fieldOf(variable, 'objref');
  const matching = objects.filter(
    (other) =>
      isJsonObject(object) &&
      isNamed(other, object) &&
      other['apiVersion'] === object['apiVersion'] &&
      fieldAt(other, ['metadata', 'namespace']) === undefined,
  );
  const path = String(fieldAt(variable, ['fieldref', 'fieldPath']) ?? 'metadata.name');
  const isThere = path.includes('[') || fieldAt(matching[0], path.split('.')) !== undefined;
  return matching.length === 1 && isThere;
}

function isNamed(object: JsonObject, reference: JsonObject): boolean {
  return object['kind'] === reference['kind'] && fieldAt(object, ['metadata', 'name']) === reference['name'];
}
