import type { Json, JsonObject, KubeObject, YamlNull, YamlPath } from '@fairlead/manifests';
import { canonicalJson, cloneJson, fieldOf, isJsonObject, isKubeObject } from '@fairlead/manifests';
import type { PatchTarget } from '../app/patch-target.ts';
import { fail } from '../finding.ts';
import { sizeOf } from './copy-budget.ts';
import { applyJsonPatch, JsonPatchError } from './json-patch.ts';
import { MergeError } from './merge-error.ts';
import type { MergeShapes } from './merge-shape.ts';
import { shapeOfField } from './merge-shape.ts';
import { apiVersionOf } from './gvk.ts';
import type { ResourceOrigin } from './resource.ts';
import { describeId, Resource } from './resource.ts';
import type { ResourceSet } from './resource-set.ts';
import { selectResources } from './select-resources.ts';
import { strategicMerge } from './strategic-merge.ts';

/** A patch and its nulls as they were written. */
export interface MergePatch {
  readonly value: JsonObject;
  readonly nulls: readonly YamlNull[];
}

export interface MergeOptions {
  readonly allowNameChange: boolean;
  readonly allowKindChange: boolean;
}

/** Applies JSON operations to every resource that the target selects; gives how many there were. */
export function patchWithJson(
  set: ResourceSet,
  target: PatchTarget,
  operations: readonly JsonObject[],
  origin: ResourceOrigin,
  remembersId = true,
): number {
  const selected = selectResources(set.resources, target, origin);
  for (const resource of selected) {
    if (remembersId) resource.rememberId();
    resource.nulls = [];
    resource.shared.clear();
    const hasInternal = resource.hasInternalAnnotations;
    if (hasInternal) showInternalAnnotations(resource, operations, origin);
    try {
      const patched = applyJsonPatch(resource.object, operations, (size) => {
        set.budget.spend(size, origin.file);
      });
      resource.object = asObject(patched, resource, origin);
      resource.noteChange('patch', origin);
      if (operations.some(namesAllAnnotations)) resource.forgetProvenance();
    } catch (error) {
      if (!(error instanceof JsonPatchError)) throw error;
      fail({ ...origin, message: `the patch does not apply to ${describeId(resource.id)}: ${error.message}` });
    }
  }
  return selected.length;
}

/** Merges one patch into every resource that the target selects; gives how many there were. */
export function patchSelected(
  set: ResourceSet,
  target: PatchTarget,
  patch: JsonObject,
  origin: ResourceOrigin,
  options: MergeOptions,
): number {
  const selected = new Set(selectResources(set.resources, target, origin).map((resource) => resource.id.key));
  set.budget.spend(sizeOf(patch) * selected.size, origin.file);
  const left = set.resources.filter((resource) => {
    if (!selected.has(resource.id.key)) return true;
    const change = cloneJson(patch);
    change['apiVersion'] = apiVersionOf(resource.gvk);
    return mergeInto(set, resource, change, origin, options);
  });
  set.replaceAll(left);
  return selected.size;
}

/** Merges a patch into the one resource that it names. */
export function patchNamed(set: ResourceSet, patch: KubeObject, origin: ResourceOrigin, options: MergeOptions): void {
  const { id } = new Resource(patch, origin);
  const matches = set.withAnyId(id);
  const [resource] = matches;
  if (resource === undefined) fail({ ...origin, message: `the patch is for ${describeId(id)}, which is not there` });
  if (matches.length > 1)
    fail({ ...origin, message: `the patch is for ${describeId(id)}, and several resources match` });
  if (mergeInto(set, resource, cloneJson(patch), origin, options)) return;
  set.replaceAll(set.resources.filter((other) => other !== resource));
}

/** Tells whether anything of the resource is left. */
function mergeInto(
  { shapes }: ResourceSet,
  resource: Resource,
  patch: JsonObject,
  origin: ResourceOrigin,
  options: MergeOptions,
): boolean {
  const { name, namespace } = resource;
  const { kind } = resource.object;
  if (options.allowNameChange || options.allowKindChange) resource.rememberId();
  // Kustomize makes the new object, and then forgets to put it in place.
  if (patch['$patch'] === 'replace') return true;
  if (replacesAnnotations(patch)) resource.forgetNotes();
  dropBlanks(resource, shapes);
  const merged = tryMerge(resource, patch, origin, shapes);
  if (merged === undefined || Object.keys(merged).length === 0) return false;
  if (!options.allowKindChange) merged['kind'] = kind;
  const metadata = fieldOf(merged, 'metadata');
  const named: JsonObject = isJsonObject(metadata) ? metadata : {};
  merged['metadata'] = named;
  if (!options.allowNameChange) named['name'] = name;
  if (namespace === '') delete named['namespace'];
  else named['namespace'] = namespace;
  resource.object = asObject(merged, resource, origin);
  resource.noteChange('patch', origin);
  return true;
}

function tryMerge(
  resource: Resource,
  patch: JsonObject,
  origin: ResourceOrigin,
  shapes: MergeShapes,
): JsonObject | undefined {
  try {
    return strategicMerge(resource.object, patch, resource.shared, shapes);
  } catch (error) {
    if (!(error instanceof MergeError)) throw error;
    return fail({ ...origin, message: `the patch cannot be merged into ${describeId(resource.id)}: ${error.message}` });
  }
}

/**
 * Kustomize keeps notes about an object in its annotations while it builds. Patches see that there are
 * annotations; those that would read the notes are refused.
 */
function showInternalAnnotations(
  { object }: Resource,
  operations: readonly JsonObject[],
  origin: ResourceOrigin,
): void {
  const isReading = (operation: JsonObject): boolean =>
    ['test', 'copy', 'move'].includes(String(operation['op'])) && namesAllAnnotations(operation);
  if (operations.some(isReading)) fail({ ...origin, message: 'a JSON patch cannot read all annotations here' });
  if (!isJsonObject(object.metadata['annotations'])) object.metadata['annotations'] = {};
}

function namesAllAnnotations(operation: JsonObject): boolean {
  const all = ['', '/metadata', '/metadata/annotations'];
  return [operation['path'], operation['from']].some((path) => typeof path === 'string' && all.includes(path));
}

/** Tells whether the annotations of an object are gone after a patch, with what kustomize notes in them. */
function replacesAnnotations(patch: JsonObject): boolean {
  const metadata = fieldOf(patch, 'metadata');
  return [metadata, fieldOf(metadata, 'annotations')].some(
    (part) => part === null || ['replace', 'delete'].includes(String(fieldOf(part, '$patch'))),
  );
}

/** Removes the nulls that nobody wrote, as far as a merge reaches: not below lists that are replaced whole. */
function dropBlanks(resource: Resource, shapes: MergeShapes): void {
  const { object } = resource;
  for (const { path, text } of resource.nulls) {
    if (text !== '') continue;
    const parent = parentInReach(object, path, shapes);
    const last = path.at(-1);
    if (isJsonObject(parent) && typeof last === 'string' && parent[last] === null) delete parent[last];
  }
  resource.nulls = [];
}

function parentInReach(object: KubeObject, path: YamlPath, shapes: MergeShapes): Json | undefined {
  let current: Json | undefined = object;
  let shape = shapes(object.apiVersion, object.kind);
  for (const step of path.slice(0, -1)) {
    if (typeof step === 'string') {
      current = fieldOf(current, step);
      shape = shapeOfField(shape, step);
      continue;
    }
    if (shape?.mergeKeys === undefined || !Array.isArray(current)) return undefined;
    current = current[step];
    shape = shape.items;
  }
  return current;
}

/**
 * Labels and annotations of a kustomize patch for selected resources are texts, whatever was written; even
 * `null` is one there.
 */
export function withTextMetadata({ value, nulls }: MergePatch): JsonObject {
  const patch = cloneJson(value);
  const metadata = fieldOf(patch, 'metadata');
  if (!isJsonObject(metadata)) return patch;
  for (const field of ['labels', 'annotations']) {
    const map = fieldOf(metadata, field);
    if (map === undefined) continue;
    const entries = isJsonObject(map) ? Object.entries(map) : [];
    if (entries.length === 0) delete metadata[field];
    else metadata[field] = Object.fromEntries(entries.map(([key, entry]) => [key, textOf(entry, [field, key], nulls)]));
  }
  return patch;
}

function textOf(entry: Json, [field, key]: [string, string], nulls: readonly YamlNull[]): string {
  if (typeof entry === 'string') return entry;
  const written = nulls.find(({ path }) => path[0] === 'metadata' && path[1] === field && path[2] === key);
  return written?.text ?? canonicalJson(entry);
}

function asObject(value: JsonObject, resource: Resource, origin: ResourceOrigin): KubeObject {
  if (isKubeObject(value)) return value;
  return fail({ ...origin, message: `the patch takes apiVersion, kind or name from ${describeId(resource.id)}` });
}
