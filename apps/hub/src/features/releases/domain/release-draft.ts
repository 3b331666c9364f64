import { canonicalJson, sha256Hex, type Json } from '@fairlead/manifests';
import type { Finding, Strategy, TargetSettings } from '@fairlead/shared/contracts';
import { sameStrategy } from './discover-apps.ts';
import type { OrderedApp } from './dependency-order.ts';

export interface ReleaseError extends Finding {
  app: string;
  cluster: string | null;
}

export interface DraftTarget {
  app: string;
  cluster: string;
  digest: string;
  settings: TargetSettings;
}

/** A group at one commit and one revision of the cluster facts, before it is known whether it says anything new. */
export interface ReleaseDraft {
  commit: string;
  state: 'ready' | 'waiting';
  targets: readonly DraftTarget[];
  errors: readonly ReleaseError[];
  strategy: Strategy;
  appOrder: readonly OrderedApp[];
}

/**
 * What a draft is, compared with the newest release of its group.
 * - `same`: nothing to record.
 * - `extend`: the newest release is of this commit and only lacks targets, those of clusters that joined since.
 * - `new`: a release of its own.
 */
export type Comparison = { outcome: 'same' } | { outcome: 'extend'; added: DraftTarget[] } | { outcome: 'new' };

/**
 * A target that is missing from the draft makes no new release of the same commit: a cluster that was relabelled or revoked
 * leaves, and what it has stays. Of another commit it does, because then the commit may be what took it away.
 */
export function compareWithNewest(draft: ReleaseDraft, newest: ReleaseDraft | null): Comparison {
  if (newest === null || !sameTerms(draft, newest)) return { outcome: 'new' };
  const before = new Map(newest.targets.map((target) => [keyOf(target), target]));
  const added = draft.targets.filter((target) => !before.has(keyOf(target)));
  const isChanged = draft.targets.some((target) => {
    const old = before.get(keyOf(target));
    return old !== undefined && !sameTarget(target, old);
  });
  if (isChanged) return { outcome: 'new' };
  if (draft.commit === newest.commit) return added.length > 0 ? { outcome: 'extend', added } : { outcome: 'same' };
  const isComplete = added.length === 0 && draft.targets.length === newest.targets.length;
  return isComplete ? { outcome: 'same' } : { outcome: 'new' };
}

/** SHA-256 over the sorted map (app, cluster) -> snapshot. */
export function releaseDigest(targets: readonly DraftTarget[]): string {
  return sha256Hex(
    targets
      .map(({ app, cluster, digest }) => `${app} ${cluster} ${digest}`)
      .sort()
      .join('\n'),
  );
}

function keyOf({ app, cluster }: DraftTarget): string {
  return `${app} ${cluster}`;
}

function sameTarget(left: DraftTarget, right: DraftTarget): boolean {
  return left.digest === right.digest && sameJson(left.settings, right.settings);
}

function sameTerms(left: ReleaseDraft, right: ReleaseDraft): boolean {
  return (
    left.state === right.state &&
    sameStrategy(left.strategy, right.strategy) &&
    sameJson(left.appOrder, right.appOrder) &&
    sameJson(left.errors, right.errors)
  );
}

function sameJson(left: unknown, right: unknown): boolean {
  return canonicalJson(left as Json) === canonicalJson(right as Json);
}
