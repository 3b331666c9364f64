import { fail } from '../finding.ts';
import type { BuildContext } from './build-context.ts';
import type { FieldSpec } from './field-path.ts';
import {
  commonAnnotations,
  labelsWithSelectors,
  metadataLabels,
  templateLabels,
  volumeClaimLabels,
} from './field-specs.ts';
import { isSelectedBy } from './gvk.ts';
import type { Kustomization, LabelEntry } from './kustomization.ts';
import type { ResourceSet } from './resource-set.ts';
import { changeImages } from './transform-images.ts';
import { setMapEntries } from './transform-labels.ts';
import { addNamePrefix, addNameSuffix } from './transform-names.ts';
import { setNamespace } from './transform-namespace.ts';
import { applyPatches } from './transform-patches.ts';
import { setReplicas } from './transform-replicas.ts';

/** Does to the resources what a kustomization says, in the fixed order of kustomize. */
export function transform(
  context: BuildContext,
  kustomization: Kustomization,
  directory: string,
  set: ResourceSet,
): void {
  applyPatches(context, kustomization, directory, set);
  setNamespace(set.resources, kustomization.namespace);
  addNamePrefix(set.resources, kustomization.namePrefix);
  addNameSuffix(set.resources, kustomization.nameSuffix);
  for (const entry of kustomization.labels)
    setMapEntries(set.resources, entry.pairs, labelFields(entry, kustomization));
  setMapEntries(set.resources, kustomization.commonLabels, labelsWithSelectors);
  setMapEntries(set.resources, kustomization.commonAnnotations, commonAnnotations);
  for (const replica of kustomization.replicas) setReplicas(set.resources, replica, { file: kustomization.file });
  changeImages(set.resources, kustomization.images);
}

function labelFields(entry: LabelEntry, kustomization: Kustomization): FieldSpec[] {
  const merge = (fields: readonly FieldSpec[], more: readonly FieldSpec[]): FieldSpec[] =>
    mergeFields(fields, more, kustomization.file);
  if (entry.includeSelectors) return merge(entry.fields, labelsWithSelectors);
  const withTemplates = entry.includeTemplates ? merge(entry.fields, templateLabels) : entry.fields;
  const withClaims = entry.includeVolumeClaimTemplates ? merge(withTemplates, volumeClaimLabels) : withTemplates;
  return merge(withClaims, [metadataLabels]);
}

/** Adds the fields that no present one covers. */
function mergeFields(fields: readonly FieldSpec[], more: readonly FieldSpec[], file: string): FieldSpec[] {
  const merged = [...fields];
  for (const field of more) {
    const present = merged.find((other) => other.path === field.path && isSelectedBy(gvkOfSpec(other), field));
    if (present === undefined) merged.push(field);
    else if ((present.create ?? false) !== (field.create ?? false)) {
      fail({ file, message: `labels: the field "${field.path}" is known with another value of "create"` });
    }
  }
  return merged;
}

function gvkOfSpec(spec: FieldSpec): { group: string; version: string; kind: string } {
  return { group: spec.group ?? '', version: spec.version ?? '', kind: spec.kind ?? '' };
}
