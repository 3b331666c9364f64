import type { KubeObject } from '@fairlead/manifests';
import type { Finding } from './finding.ts';
import { RenderFailure } from './finding.ts';
import { buildKustomization } from './kustomize/build.ts';
import { ParseCache } from './source/parsed-files.ts';
import type { SourceTree } from './source/source-tree.ts';
import { defaultLimits } from './source/source-tree.ts';
import { TracedTree } from './source/traced-tree.ts';
import { VariableScope } from './variables/variable-scope.ts';

export type BuildResult =
  { readonly ok: true; readonly objects: KubeObject[] } | { readonly ok: false; readonly errors: Finding[] };

/** Builds one kustomization without an app around it: what `kustomize build` prints, as objects. */
export function buildDirectory(tree: SourceTree, directory: string, cache = new ParseCache()): BuildResult {
  const context = {
    cache,
    external: new Map(),
    limits: defaultLimits,
    tree: new TracedTree(tree, defaultLimits),
    scope: new VariableScope('(none)', new Map()),
  };
  try {
    const set = buildKustomization(context, directory, []);
    return { ok: true, objects: set.resources.map((resource) => resource.object) };
  } catch (error) {
    if (error instanceof RenderFailure) return { ok: false, errors: [...error.findings] };
    throw error;
  }
}
