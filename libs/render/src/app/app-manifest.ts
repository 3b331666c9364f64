import type { Json, JsonObject } from '@fairlead/manifests';
import type { PatchTarget } from './patch-target.ts';
import type { ApplySpec, HealthRule, IgnoreRule, PruneSpec } from './engine-settings.ts';

export interface LabelRequirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values: readonly string[];
}

/** All parts must hold; an empty selector selects everything. */
export interface LabelSelector {
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly matchExpressions: readonly LabelRequirement[];
}

/** A count, or a share in percent of whatever is counted. */
export type CountOrPercent = { readonly count: number } | { readonly percent: number };

export type AppPatch =
  | {
      readonly type: 'json';
      readonly target: PatchTarget;
      readonly operations: readonly JsonObject[];
      readonly at: string;
    }
  | { readonly type: 'merge'; readonly target: PatchTarget; readonly patch: JsonObject; readonly at: string };

export interface AppTarget {
  readonly selector: LabelSelector | null;
  /** Cluster names; empty when the target is given by its selector only. */
  readonly clusters: readonly string[];
  readonly deploy: boolean | null;
  readonly variables: Readonly<Record<string, Json>>;
  readonly components: readonly string[];
  readonly patches: readonly AppPatch[];
}

export type WaveClusters =
  | { readonly type: 'all' }
  | { readonly type: 'percent'; readonly percent: number }
  | { readonly type: 'selector'; readonly selector: LabelSelector };

export interface WaveSpec {
  readonly name: string;
  readonly clusters: WaveClusters;
  /** Null: what the rollout says. */
  readonly maxInFlight: CountOrPercent | null;
  readonly soakMs: number;
}

export interface RolloutSpec {
  readonly group: string | null;
  readonly trigger: 'auto' | 'manual';
  readonly onNewRelease: 'supersede' | 'queue';
  readonly waves: readonly WaveSpec[];
  readonly maxInFlight: CountOrPercent | null;
  readonly failureBudget: { readonly perWave: CountOrPercent | null; readonly total: CountOrPercent | null };
  readonly progressDeadlineMs: number;
  readonly degradedGraceMs: number;
  readonly onFailure: 'rollback' | 'halt';
  readonly hold: 'untilFixed' | 'untilReleased';
  readonly offline: { readonly policy: 'skip' | 'wait' | 'catchUp'; readonly waitMs: number };
}

export interface HelmSpec {
  /** Directory of the chart; null: the render path. */
  readonly chart: string | null;
  /** Null: the name of the app. */
  readonly releaseName: string | null;
  /** Relative to the app; a trailing `?` makes one optional. Later wins. */
  readonly valuesFiles: readonly string[];
  readonly values: JsonObject;
  readonly includeCrds: boolean;
}

/** `fairlead.yaml`, checked, with every default filled in. */
export interface AppManifest {
  /** The file it was read from. */
  readonly file: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly project: string;
  readonly namespace: string;
  readonly createNamespace: boolean;
  readonly render: {
    readonly type: 'auto' | 'yaml' | 'kustomize' | 'helm';
    /** `external`: the real kustomize; charts always use the real helm. */
    readonly engine: 'builtin' | 'external';
    readonly path: string;
    readonly fallbackPath: string | null;
    readonly onError: 'wait' | 'skip';
  };
  readonly helm: HelmSpec;
  readonly variables: Readonly<Record<string, Json>>;
  readonly targets: readonly AppTarget[];
  readonly patches: readonly AppPatch[];
  readonly dependsOn: readonly { readonly app: string; readonly condition: 'applied' | 'healthy' }[];
  readonly rollout: RolloutSpec;
  readonly serviceAccount: string | null;
  readonly apply: ApplySpec;
  readonly drift: { readonly mode: 'correct' | 'report' | 'off'; readonly ignore: readonly IgnoreRule[] };
  readonly health: readonly HealthRule[];
  readonly prune: PruneSpec;
  /** `warn`: what the schemas do not allow is told and goes on; `strict`: it does not render. */
  readonly validation: { readonly schema: 'strict' | 'warn' | 'off' };
  readonly suspend: boolean;
}
