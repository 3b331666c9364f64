import type { AppManifest, AppPatch } from './app/app-manifest.ts';
import { fail } from './finding.ts';
import { isJsonObject } from '@fairlead/manifests';
import { patchSelected, patchWithJson } from './kustomize/apply-patches.ts';
import type { BuildContext } from './kustomize/build-context.ts';
import type { ResourceOrigin } from './kustomize/resource.ts';
import type { ResourceSet } from './kustomize/resource-set.ts';

const options = { allowNameChange: false, allowKindChange: false };

/** Applies the patches of the app to what was built; a patch that matches nothing is a mistake. */
export function applyAppPatches(
  app: AppManifest,
  context: BuildContext,
  patches: readonly AppPatch[],
  set: ResourceSet,
): void {
  for (const patch of patches) {
    const origin = { file: app.file, at: patch.at };
    if (applyPatch(context, patch, set, origin) > 0) continue;
    fail({ file: app.file, message: `the patch ${patch.at} matches no object: ${JSON.stringify(patch.target)}` });
  }
}

function applyPatch(context: BuildContext, patch: AppPatch, set: ResourceSet, origin: ResourceOrigin): number {
  const path = `/${patch.at.replaceAll('.', '/')}`;
  if (patch.type === 'json') {
    const operations = patch.operations.map((operation) => context.scope.resolve(operation, origin, path));
    return patchWithJson(set, patch.target, operations.filter(isJsonObject), origin);
  }
  const merge = context.scope.resolve(patch.patch, origin, path);
  return patchSelected(set, patch.target, isJsonObject(merge) ? merge : {}, origin, options);
}
