import type { JsonObject } from '@fairlead/manifests';
import type { FileTree } from '../arbitrary-tree.ts';
import { baseObjects } from './base-objects.ts';
import type { Feature } from './feature.ts';
import { joinFields } from './feature.ts';

/** A directory tree with a name; its root is `top`. */
export interface NamedTree {
  readonly name: string;
  readonly files: FileTree;
}

/** One feature over the base objects. */
export function aloneTree(feature: Feature): NamedTree {
  return { name: feature.name, files: inOneLayer([feature]) ?? {} };
}

/** Two features in one kustomization; null when they contradict each other. */
export function pairTree(first: Feature, second: Feature): NamedTree | null {
  const files = inOneLayer([first, second]);
  return files === null ? null : { name: `${first.name} with ${second.name}`, files };
}

/** One feature in the base, the other in an overlay. */
export function layeredTree(below: Feature, above: Feature): NamedTree {
  return {
    name: `${above.name} over ${below.name}`,
    files: {
      ...layer('base', [below], ['objects.yaml'], below.fields),
      'base/objects.yaml': baseObjects,
      ...layer('top', [above], ['../base'], above.fields),
    },
  };
}

function inOneLayer(features: readonly Feature[]): FileTree | null {
  const fields = joinFields(features);
  if (fields === null) return null;
  return { ...layer('top', features, ['objects.yaml'], fields), 'top/objects.yaml': baseObjects };
}

function layer(
  directory: string,
  features: readonly Feature[],
  resources: readonly string[],
  fields: JsonObject,
): Record<string, string> {
  const kustomization: JsonObject = { resources: [...resources], ...fields };
  const files = features.flatMap((feature) => Object.entries(feature.files ?? {}));
  return {
    [`${directory}/kustomization.yaml`]: JSON.stringify(kustomization, null, 1),
    ...Object.fromEntries(files.map(([path, content]) => [`${directory}/${path}`, content])),
  };
}
