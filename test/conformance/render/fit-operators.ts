import type { Json, JsonObject } from '@fairlead/manifests';
import { fieldAt, fieldOf, isJsonObject } from '@fairlead/manifests';

const scalable = ['Deployment', 'StatefulSet', 'ReplicaSet'];

/**
 * Drops what cannot apply to the objects that are there, so that most random trees build: a tree that both
 * sides refuse says little.
 */
export function fitOperators(operators: JsonObject, objects: readonly JsonObject[]): JsonObject {
  const present = new Set(objects.map((object) => nameKey(object)));
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
    const matching = objects.find((object) => isJsonObject(patch) && nameKey(object) === nameKey(patch));
    return matching !== undefined && fieldAt(matching, ['metadata', 'namespace']) === undefined;
  }
  return present.size > 0;
}

function isGeneratorFitting(kind: string, entry: Json, present: ReadonlySet<string>): boolean {
  const isThere = present.has(`${kind}/${String(fieldOf(entry, 'name'))}`);
  const behavior = fieldOf(entry, 'behavior') ?? 'create';
  return isThere === (behavior !== 'create');
}

function nameKey(object: JsonObject): string {
  return `${String(object['kind'])}/${String(fieldAt(object, ['metadata', 'name']))}`;
}
