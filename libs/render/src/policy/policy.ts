import type { JsonObject } from '@fairlead/manifests';
import type { LabelSelector } from '../app/app-manifest.ts';

/** The file that policies stand in; they are for every app of its directory and below. */
export const policyFileName = 'fairlead-policies.yaml';

export interface PolicyRule {
  /** CEL that must be true of a good object. */
  readonly expression: string;
  readonly message: string;
}

/** Where a policy does not count, and until when. */
export interface PolicyExemption {
  readonly apps: readonly string[];
  readonly clusters: readonly string[];
  /** `Kind/name`, as they are rendered. */
  readonly objects: readonly string[];
  /** The last day (UTC, `YYYY-MM-DD`) on which it holds; null: for ever. */
  readonly until: string | null;
  readonly reason: string;
}

/** What objects must be like to be released. */
export interface Policy {
  readonly file: string;
  readonly name: string;
  readonly action: 'deny' | 'warn' | 'audit';
  /** A policy that comes with Fairlead, whose rules count beside its own. */
  readonly use: string | null;
  /** Empty: all kinds. */
  readonly kinds: readonly string[];
  /** Empty: all apps. */
  readonly apps: readonly string[];
  readonly clusters: LabelSelector;
  readonly params: JsonObject;
  readonly rules: readonly PolicyRule[];
  readonly exemptions: readonly PolicyExemption[];
}
