import { evaluatePrune, parseObjectId, type PruneAnswer } from '@fairlead/manifests';

export interface PlannedDeletion {
  readonly app: string;
  readonly cluster: string;
  /** Object keys the target has now, and those it is to have. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly prune: {
    readonly enabled: boolean;
    readonly maxDeletes: number | string;
    readonly confirm: readonly string[];
    readonly allowEmpty: boolean;
  };
}

export interface AppCoverage {
  readonly app: string;
  /** Clusters that run the app now. */
  readonly clusters: number;
  /** Of those, how many the release does not name any more. */
  readonly withoutEntry: number;
}

const goneShare = 0.1;

/** The deletions of one target that the agent's guard will hold until a person agrees to exactly that set; null when it holds none. */
export function heldPrune({ before, after, prune }: PlannedDeletion): PruneAnswer['held'] {
  if (!prune.enabled) return null;
  return evaluatePrune({
    inventory: before.map(parseObjectId),
    desired: after.map(parseObjectId),
    maxDeletes: prune.maxDeletes,
    confirmKinds: prune.confirm,
    allowEmpty: prune.allowEmpty,
  }).held;
}

/** Why a plan must not start without a person, one sentence each; empty when it may. */
export function blastRadius(deletions: readonly PlannedDeletion[], coverage: readonly AppCoverage[]): string[] {
  const reasons: string[] = [];
  for (const deletion of deletions) {
    const held = heldPrune(deletion);
    if (held) {
      reasons.push(`${deletion.app} on ${deletion.cluster}: would delete ${held.ids.length} objects (${held.reason})`);
    }
  }
  for (const { app, clusters, withoutEntry } of coverage) {
    if (withoutEntry > clusters * goneShare) {
      reasons.push(`${app} leaves ${withoutEntry} of its ${clusters} clusters`);
    }
  }
  return reasons;
}
