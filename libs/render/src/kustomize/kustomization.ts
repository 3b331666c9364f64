import type { PatchTarget } from '../app/patch-target.ts';
import type { FieldSpec } from './field-path.ts';
import type { Replacement } from './replacement.ts';
import type { GeneratorBehavior } from './resource.ts';
import type { ImageChange } from './transform-images.ts';
import type { ReplicaCount } from './transform-replicas.ts';
import type { Var } from './vars.ts';

export interface LabelEntry {
  readonly pairs: Readonly<Record<string, string>>;
  readonly includeSelectors: boolean;
  readonly includeTemplates: boolean;
  readonly includeVolumeClaimTemplates: boolean;
  readonly fields: readonly FieldSpec[];
}

/** The text of a patch, or the file that has it. */
export type PatchText = { readonly text: string } | { readonly path: string };

export interface PatchEntry {
  readonly source: PatchText;
  readonly target: PatchTarget | null;
  readonly allowNameChange: boolean;
  readonly allowKindChange: boolean;
}

/** An entry of `patchesJson6902`. */
export interface JsonPatchEntry {
  readonly source: PatchText;
  readonly target: PatchTarget;
}

export interface GeneratorOptions {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly disableNameSuffixHash: boolean;
  readonly immutable: boolean;
}

export interface GeneratorEntry {
  readonly name: string;
  readonly namespace: string;
  readonly behavior: GeneratorBehavior;
  readonly literals: readonly string[];
  readonly files: readonly string[];
  readonly envs: readonly string[];
  readonly options: GeneratorOptions;
  /** For Secrets. */
  readonly type: string;
}

/** What `buildMetadata` asks for. */
export type BuildMetadata = 'managedByLabel' | 'originAnnotations' | 'transformerAnnotations';

/** A kustomization file, as far as this builder knows the format. */
export interface Kustomization {
  readonly file: string;
  /** The text of the file, to find places in it. */
  readonly text: string;
  readonly kind: 'Kustomization' | 'Component';
  readonly openapi: { readonly path: string; readonly version: string };
  readonly resources: readonly string[];
  readonly components: readonly string[];
  readonly crds: readonly string[];
  readonly configurations: readonly string[];
  readonly namespace: string;
  readonly namePrefix: string;
  readonly nameSuffix: string;
  readonly labels: readonly LabelEntry[];
  readonly commonLabels: Readonly<Record<string, string>>;
  readonly commonAnnotations: Readonly<Record<string, string>>;
  readonly images: readonly ImageChange[];
  readonly replicas: readonly ReplicaCount[];
  readonly patches: readonly PatchEntry[];
  /** Files or texts with merge patches. */
  readonly mergePatches: readonly string[];
  readonly jsonPatches: readonly JsonPatchEntry[];
  readonly replacements: readonly (Replacement | { readonly path: string })[];
  readonly vars: readonly Var[];
  readonly configMaps: readonly GeneratorEntry[];
  readonly secrets: readonly GeneratorEntry[];
  /** Files, directories or texts with the configuration of built-in plugins. */
  readonly generators: readonly string[];
  readonly transformers: readonly string[];
  readonly buildMetadata: readonly BuildMetadata[];
  /** Why the sort order is refused, for a kustomization that is built itself. */
  readonly sortProblem: string | null;
}
