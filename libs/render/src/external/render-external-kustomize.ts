import type { Json } from '@fairlead/manifests';
import { isJsonObject } from '@fairlead/manifests';
import { fail } from '../finding.ts';
import type { BuildContext } from '../kustomize/build-context.ts';
import { findKustomization, pathIn, readFile } from '../kustomize/build-context.ts';
import type { Resource } from '../kustomize/resource.ts';
import { resolvePath } from '../source/tree-path.ts';
import { filesBelow, resolvedFile, writeDocuments } from './collect-files.ts';
import type { ExternalFile } from './external-engine.ts';
import { outputOf } from './external-engine.ts';
import { resourcesOfOutput } from './external-output.ts';

const overlay = '.fairlead/overlay';

/** Builds a kustomization with the real kustomize, on the files that it can reach by the names in it. */
export function renderExternalKustomize(
  context: BuildContext,
  directory: string,
  components: readonly string[],
): Resource[] {
  const files = new Map<string, ExternalFile>();
  for (const each of [directory, ...components]) addReachable(context, each, files, 0);
  let root = directory;
  if (components.length > 0) {
    root = overlay;
    const up = '../../';
    const kustomization: Json = { resources: [`${up}${directory}`], components: components.map((path) => up + path) };
    files.set('overlay', { path: `${overlay}/kustomization.yaml`, content: writeDocuments([kustomization]) });
  }
  const output = outputOf(context.external, { engine: 'kustomize', directory: root, files: [...files.values()] });
  if (!output.ok) fail({ file: pathIn(directory, 'kustomization.yaml'), message: output.message });
  const resources = resourcesOfOutput(context, output.text, directory);
  for (const resource of resources) resource.noteChange('kustomize', { file: pathIn(directory, 'kustomization.yaml') });
  return resources;
}

/** Adds what a kustomization names: every text in it that is the path of a file or directory of the repository. */
function addReachable(context: BuildContext, directory: string, files: Map<string, ExternalFile>, depth: number): void {
  if (depth > context.limits.maxNesting) fail({ file: directory, message: 'kustomizations are nested too deep' });
  const path = findKustomization(context.tree, directory);
  if (path === null) {
    for (const file of filesBelow(context, directory)) files.set(file, resolvedFile(context, file, 'kyaml'));
    return;
  }
  if (files.has(path)) return;
  files.set(path, resolvedFile(context, path, 'sigs'));
  const { documents } = readFile(context, path, 'sigs');
  for (const name of documents.flatMap(({ value }) => textsIn(value))) {
    // `key=file` and `group:file` of generators, and plain paths.
    for (const candidate of new Set([name, name.slice(name.indexOf('=') + 1)])) {
      const target = candidate === '' || candidate === '.' ? null : resolvePath(directory, candidate);
      if (target === null || files.has(target)) continue;
      if (context.tree.listDirectory(target) !== null) addReachable(context, target, files, depth + 1);
      else if (context.tree.readFile(target) !== null) files.set(target, resolvedFile(context, target, 'kyaml'));
    }
  }
}

function textsIn(value: Json): string[] {
  if (typeof value === 'string') return value.includes('\n') || value.length > 1024 ? [] : [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isJsonObject(value)
    ? Object.values(value).flatMap((field) => (field === undefined ? [] : textsIn(field)))
    : [];
}
