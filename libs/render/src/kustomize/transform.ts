import type { BuildContext } from './build-context.ts';
import { sizeOf } from './copy-budget.ts';
import type { FieldSpec } from './field-path.ts';
import type { Kustomization, LabelEntry } from './kustomization.ts';
import { loadReplacements } from './load-replacements.ts';
import type { ResourceSet } from './resource-set.ts';
import type { BuildState } from './build-state.ts';
import { changeImages } from './transform-images.ts';
import { setMapEntries } from './transform-labels.ts';
import { addAffix } from './transform-names.ts';
import { setNamespace } from './transform-namespace.ts';
import { applyMergePatches, applyPatches, applyJsonPatches } from './transform-patches.ts';
import { applyReplacements } from './transform-replacements.ts';
import { setReplicas } from './transform-replicas.ts';
import type { TransformerConfig } from './transformer-config.ts';
import { mergeFields } from './transformer-config.ts';

/** One thing that is done to the resources. */
export interface Step {
  /** What kustomize calls it. */
  readonly kind: string;
  /** The characters that it may write into each resource, for steps that write a given text. */
  readonly size?: number;
  run(set: ResourceSet): void;
}

/** Where a kustomization stands, and what holds for its build. */
export interface StepSource {
  readonly context: BuildContext;
  readonly state: BuildState;
  readonly kustomization: Kustomization;
  readonly directory: string;
  /** The directory, relative to the kustomization that is built, as it was written. */
  readonly writtenPath: string;
}

/** What a kustomization does by its own fields, in the fixed order of kustomize. */
export function stepsOf(source: StepSource, config: TransformerConfig): Step[] {
  const { kustomization } = source;
  const { namespace, namePrefix, nameSuffix, replicas } = kustomization;
  const when = (isAsked: boolean, kind: string, run: Step['run'], size = 0): Step[] =>
    isAsked ? [{ kind, run, size }] : [];
  return [
    ...when(kustomization.mergePatches.length > 0, 'PatchStrategicMergeTransformer', (set) => {
      applyMergePatches(source, set);
    }),
    ...applyPatches(source).map((run) => ({ kind: 'PatchTransformer', run })),
    ...when(
      namespace !== '',
      'NamespaceTransformer',
      ({ resources }) => {
        setNamespace(resources, { namespace, fields: config.namespace, subjects: 'defaultOnly', unsetOnly: false });
      },
      namespace.length,
    ),
    ...when(
      namePrefix !== '',
      'PrefixTransformer',
      ({ resources }) => {
        addAffix(resources, 'prefix', namePrefix, config.namePrefix);
      },
      namePrefix.length,
    ),
    ...when(
      nameSuffix !== '',
      'SuffixTransformer',
      ({ resources }) => {
        addAffix(resources, 'suffix', nameSuffix, config.nameSuffix);
      },
      nameSuffix.length,
    ),
    ...labelSteps(kustomization, config),
    ...when(
      Object.keys(kustomization.commonAnnotations).length > 0,
      'AnnotationsTransformer',
      ({ resources }) => {
        setMapEntries(resources, kustomization.commonAnnotations, config.commonAnnotations);
      },
      sizeOf(kustomization.commonAnnotations),
    ),
    ...applyJsonPatches(source).map((run) => ({ kind: 'PatchJson6902Transformer', run })),
    ...replicas.map((replica) => ({
      kind: 'ReplicaCountTransformer',
      run: ({ resources }: ResourceSet) => {
        setReplicas(resources, replica, config.replicas, { file: kustomization.file });
      },
    })),
    ...imageSteps(source, config),
    ...when(kustomization.replacements.length > 0, 'ReplacementTransformer', (set) => {
      applyReplacements(set, loadReplacements(source, kustomization.replacements), source.state.isRespelled);
    }),
  ];
}

// Together they go through the objects once; apart each of them is noted on the objects.
function imageSteps({ kustomization, state }: StepSource, config: TransformerConfig): Step[] {
  const { images } = kustomization;
  const isNoted = state.metadata.length > 0;
  const groups = isNoted ? images.map((image) => [image]) : images.length > 0 ? [images] : [];
  return groups.map((group) => ({
    kind: 'ImageTagTransformer',
    size: sizeOf(group.map((image) => ({ ...image }))),
    run: ({ resources }) => {
      changeImages(resources, group, config.images);
    },
  }));
}

function labelSteps(kustomization: Kustomization, config: TransformerConfig): Step[] {
  const { labels, commonLabels, file } = kustomization;
  if (labels.length === 0 && Object.keys(commonLabels).length === 0) return [];
  const all = [
    ...labels.map((entry) => ({ pairs: entry.pairs, fields: labelFields(entry, config, file) })),
    { pairs: commonLabels, fields: config.commonLabels },
  ];
  return all.map(({ pairs, fields }) => ({
    kind: 'LabelTransformer',
    size: sizeOf(pairs),
    run: ({ resources }) => {
      setMapEntries(resources, pairs, fields);
    },
  }));
}

function labelFields(entry: LabelEntry, config: TransformerConfig, file: string): FieldSpec[] {
  const merge = (fields: readonly FieldSpec[], more: readonly FieldSpec[]): FieldSpec[] =>
    mergeFields(fields, more, file);
  const own = merge(entry.fields, config.labels);
  if (entry.includeSelectors) return merge(own, config.commonLabels);
  const withTemplates = entry.includeTemplates ? merge(own, config.templateLabels) : own;
  const withClaims = entry.includeVolumeClaimTemplates
    ? merge(withTemplates, config.volumeClaimTemplateLabels)
    : withTemplates;
  return merge(withClaims, [{ path: 'metadata/labels', create: true }]);
}
