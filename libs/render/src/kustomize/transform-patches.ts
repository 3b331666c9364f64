import type { JsonObject, YamlPath } from '@fairlead/manifests';
import { isJsonObject, isKubeObject } from '@fairlead/manifests';
import type { PatchTarget } from '../app/patch-target.ts';
import { fail, findingAt, RenderFailure } from '../finding.ts';
import { parseText } from '../source/parsed-files.ts';
import type { MergePatch } from './apply-patches.ts';
import { patchNamed, patchSelected, patchWithJson, withTextMetadata } from './apply-patches.ts';
import type { JsonPatchEntry, Kustomization, PatchEntry, PatchText } from './kustomization.ts';
import { PatchSource } from './patch-source.ts';
import type { ResourceOrigin } from './resource.ts';
import { describeId } from './resource.ts';
import type { ResourceSet } from './resource-set.ts';
import { selectResources } from './select-resources.ts';
import type { StepSource } from './transform.ts';

type Run = (set: ResourceSet) => void;

/** One run for each entry of `patches`. */
export function applyPatches(source: StepSource): Run[] {
  const { kustomization } = source;
  return kustomization.patches.map((entry, index) => (set) => {
    placed(kustomization, ['patches', index], () => {
      applyPatch(source, entry, set, `patches.${index}`);
    });
  });
}

/** One run for each entry of `patchesJson6902`. */
export function applyJsonPatches(source: StepSource): Run[] {
  const { kustomization } = source;
  return kustomization.jsonPatches.map((entry, index) => (set) => {
    placed(kustomization, ['patchesJson6902', index], () => {
      applyJsonPatch(source, entry, set, `patchesJson6902.${index}`);
    });
  });
}

/** Applies all of `patchesStrategicMerge`. */
export function applyMergePatches(source: StepSource, set: ResourceSet): void {
  const { kustomization } = source;
  let count = 0;
  kustomization.mergePatches.forEach((entry, index) => {
    placed(kustomization, ['patchesStrategicMerge', index], () => {
      count += applyNamedPatches(source, fileOrText(entry), set, `patchesStrategicMerge.${index}`);
    });
  });
  if (count === 0) fail({ file: kustomization.file, message: 'patchesStrategicMerge: there is no patch in the files' });
}

/** Applies one patch, of either form. */
export function applyPatch(source: StepSource, entry: PatchEntry, set: ResourceSet, at?: string): void {
  const patch = new PatchSource(source, entry.source, at);
  const operations = patch.operations();
  if (operations === null) applyMerges(entry, patch.merges(), patch.origin, set);
  else if (entry.target === null) fail({ ...patch.origin, message: 'a JSON patch needs a target' });
  else applyOperations(entry.target, operations, patch.origin, set, true);
}

/** Applies one JSON patch of the old form, which leaves no trace of the name before. */
export function applyJsonPatch(source: StepSource, entry: JsonPatchEntry, set: ResourceSet, at?: string): void {
  const patch = new PatchSource(source, entry.source, at);
  const operations = patch.operations();
  if (operations === null || operations.length === 0)
    fail({ ...patch.origin, message: 'a JSON patch is a list of operations' });
  applyOperations(entry.target, operations, patch.origin, set, false);
}

/** Applies merge patches to the objects that they name; gives how many there were. */
export function applyNamedPatches(source: StepSource, text: PatchText, set: ResourceSet, at?: string): number {
  const patch = new PatchSource(source, text, at);
  const merges = patch.merges();
  for (const merge of merges) {
    const value = withTextMetadata(merge);
    if (!isKubeObject(value)) fail({ ...patch.origin, message: 'a patch needs apiVersion, kind and metadata.name' });
    patchNamed(set, value, patch.origin, { allowNameChange: false, allowKindChange: false });
  }
  return merges.length;
}

/** A text that is an object is a patch itself; every other one names a file. */
function fileOrText(entry: string): PatchText {
  if (!entry.includes(':')) return { path: entry };
  try {
    const [document] = parseText(entry, '(patch)', 'kyaml').documents;
    return isJsonObject(document?.value ?? null) ? { text: entry } : { path: entry };
  } catch (error) {
    if (error instanceof RenderFailure) return { path: entry };
    throw error;
  }
}

/** Gives the findings about an inline patch the place of the patch in the kustomization. */
function placed({ file, text }: Kustomization, path: YamlPath, action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof RenderFailure)) throw error;
    throw new RenderFailure(
      error.findings.map((finding) => {
        if (finding.file !== file) return finding;
        const inPatch = finding.line === undefined ? '' : `line ${finding.line} of the patch: `;
        return findingAt({ file, text, path }, `${inPatch}${finding.message}`, finding.hint);
      }),
    );
  }
}

function applyOperations(
  target: PatchTarget,
  operations: readonly JsonObject[],
  origin: ResourceOrigin,
  set: ResourceSet,
  remembersId: boolean,
): void {
  const inexact = selectResources(set.resources, target, origin).find(({ object }) => hasBigInteger(object));
  if (inexact !== undefined) {
    fail({ ...origin, message: `a JSON patch loses digits of integers beyond 2^53 in ${describeId(inexact.id)}` });
  }
  patchWithJson(set, target, operations, origin, remembersId);
}

function applyMerges(entry: PatchEntry, merges: readonly MergePatch[], origin: ResourceOrigin, set: ResourceSet): void {
  const options = { allowNameChange: entry.allowNameChange, allowKindChange: entry.allowKindChange };
  if (entry.target !== null) {
    const [patch, second] = merges;
    if (second !== undefined) fail({ ...origin, message: 'a patch with a target must be one document' });
    if (patch !== undefined) patchSelected(set, entry.target, withTextMetadata(patch), origin, options);
    return;
  }
  for (const { value: patch } of merges) {
    if (!isKubeObject(patch))
      fail({ ...origin, message: 'a patch without a target needs apiVersion, kind and metadata.name' });
    patchNamed(set, patch, origin, options);
  }
}

function hasBigInteger(value: unknown): boolean {
  if (typeof value === 'bigint') return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(hasBigInteger);
}
