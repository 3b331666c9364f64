import type { PatchTarget } from '../app/patch-target.ts';
import type { FieldSpec } from './field-path.ts';
import type { GeneratorBehavior } from './resource.ts';
import type { ImageChange } from './transform-images.ts';
import type { ReplicaCount } from './transform-replicas.ts';

export interface LabelEntry {
  readonly pairs: Readonly<Record<string, string>>;
  readonly includeSelectors: boolean;
  readonly includeTemplates: boolean;
  readonly includeVolumeClaimTemplates: boolean;
  readonly fields: readonly FieldSpec[];
}

export interface PatchEntry {
  /** The patch itself, or the file that has it. */
  readonly source: { readonly text: string } | { readonly path: string };
  readonly target: PatchTarget | null;
  readonly allowNameChange: boolean;
  readonly allowKindChange: boolean;
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

/** A kustomization file, as far as this builder knows the format. */
export interface Kustomization {
  readonly file: string;
  /** The text of the file, to find places in it. */
  readonly text: string;
  readonly kind: 'Kustomization' | 'Component';
  readonly resources: readonly string[];
  readonly components: readonly string[];
  readonly namespace: string;
  readonly namePrefix: string;
  readonly nameSuffix: string;
  readonly labels: readonly LabelEntry[];
  readonly commonLabels: Readonly<Record<string, string>>;
  readonly commonAnnotations: Readonly<Record<string, string>>;
  readonly images: readonly ImageChange[];
  readonly replicas: readonly ReplicaCount[];
  readonly patches: readonly PatchEntry[];
  readonly configMaps: readonly GeneratorEntry[];
  readonly secrets: readonly GeneratorEntry[];
}
