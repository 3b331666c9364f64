import type { PatchTarget } from './patch-target.ts';

// What the agent does with the objects of an app, as `fairlead.yaml` says it.

/** Fields that others may set: neither reported nor put back. */
export interface IgnoreRule {
  /** Patterns match the whole text; without any the rule is for every object. */
  readonly target: PatchTarget;
  /** RFC 6901; a step into a list may be `[key=value]`. */
  readonly paths: readonly string[];
  readonly managers: readonly string[];
}

/** Expressions over `object`, in the order they are asked. */
export interface HealthRule {
  readonly apiVersion: string;
  readonly kind: string;
  readonly progressing: string | null;
  readonly failed: string | null;
  readonly current: string;
}

export interface ApplySpec {
  readonly conflicts: 'force' | 'report';
  readonly adopt: 'unowned' | 'never' | 'always';
  readonly recreate: boolean;
  /** Field managers; `prefix` is written as a name with a star at its end. */
  readonly takeOver: readonly { readonly name: string; readonly match: 'exact' | 'prefix' }[];
  readonly onInvalid: 'reject' | 'skip';
}

export interface PruneSpec {
  readonly enabled: boolean;
  readonly maxDeletes: number | string;
  readonly confirm: readonly string[];
  readonly allowEmpty: boolean;
  readonly propagation: 'background' | 'foreground' | 'orphan';
  readonly cascade: boolean;
}

/** Says what is wrong with an expression, or null. Whoever can evaluate expressions brings it. */
export type CheckExpression = (text: string) => string | null;
