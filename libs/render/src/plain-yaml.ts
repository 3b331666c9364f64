import { fieldOf } from '@fairlead/manifests';
import { fail, forAll } from './finding.ts';
import type { BuildContext } from './kustomize/build-context.ts';
import { pathIn, readFile } from './kustomize/build-context.ts';
import { resourcesOf } from './kustomize/load-resources.ts';
import { ResourceSet } from './kustomize/resource-set.ts';
import type { Resource } from './kustomize/resource.ts';

const isManifest = /\.(?:ya?ml|json)$/;
const notManifests = new Set(['fairlead.yaml', 'kustomization.yaml', 'kustomization.yml', 'Kustomization']);

/** All objects of the YAML and JSON files of a directory and below; a directory with an app of its own is left out. */
export function loadPlainYaml(context: BuildContext, directory: string): ResourceSet {
  const set = new ResourceSet();
  forAll(manifestFiles(context, directory, 0), (path) => {
    set.appendAll(resourcesOf(context, readFile(context, path, 'kubectl'), path).filter(isForCluster));
    if (set.resources.length > context.limits.maxObjects) {
      fail({ file: path, message: `more than ${context.limits.maxObjects} objects` });
    }
    return [];
  });
  return set;
}

function manifestFiles(context: BuildContext, directory: string, depth: number): string[] {
  if (depth > context.limits.maxNesting) fail({ file: directory, message: 'directories are nested too deep' });
  const names = [...(context.tree.listDirectory(directory) ?? [])].sort();
  if (depth > 0 && names.includes('fairlead.yaml')) return [];
  return names.flatMap((name) => {
    const path = pathIn(directory, name);
    if (name.startsWith('.') || notManifests.has(name)) return [];
    if (context.tree.listDirectory(path) !== null) return manifestFiles(context, path, depth + 1);
    return isManifest.test(name) ? [path] : [];
  });
}

function isForCluster({ object }: Resource): boolean {
  return fieldOf(object, 'apiVersion') !== 'fairlead.dev/v1';
}
