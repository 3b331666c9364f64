import type { PatchTarget } from '../app/patch-target.ts';
import type { ResourceOrigin } from './resource.ts';

export interface FieldOptions {
  readonly delimiter: string;
  readonly index: number;
  readonly create: boolean;
}

/** The one object and the field a value is taken from; names are exact. */
export interface ReplacementSource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly fieldPath: string;
  readonly options: FieldOptions;
}

export interface ReplacementTarget {
  readonly select: PatchTarget;
  readonly reject: readonly PatchTarget[];
  readonly fieldPaths: readonly string[];
  readonly options: FieldOptions;
}

/** Copies a value into fields of other objects. */
export interface Replacement {
  readonly source: ReplacementSource | { readonly value: string };
  readonly targets: readonly ReplacementTarget[];
  readonly origin: ResourceOrigin;
}
