import { isActive, isTerminal } from './rollout.machine.ts';
import type { HoldPolicy, RolloutState, Strategy } from './rollout.types.ts';

export interface ReleaseView {
  readonly id: number;
  readonly number: number;
  readonly digest: string;
  readonly strategy: Pick<Strategy, 'trigger'>;
}

/** What is known about a group when somebody asks whether something should start. */
export interface GroupView {
  /** The newest release that could be rendered completely; null before the first. */
  readonly newest: ReleaseView | null;
  /** The rollout that is not over yet. */
  readonly current: {
    readonly id: number;
    readonly kind: 'rollout' | 'rollback';
    readonly state: RolloutState;
    readonly releaseId: number;
    readonly onNewRelease: 'supersede' | 'queue';
  } | null;
  readonly hold: {
    readonly releaseId: number | null;
    readonly policy: HoldPolicy;
    readonly reason: string;
    /** The release whose failure led to the hold. */
    readonly badRelease: { readonly id: number; readonly digest: string } | null;
  } | null;
  /** Entries of the newest release that are quarantined. */
  readonly quarantined: readonly { readonly app: string; readonly cluster: string }[];
  /** A release with exactly this content failed and nobody released it. */
  readonly isQuarantinedDigest: boolean;
  /** How the newest release ended when it was rolled out last; null when it never was. */
  readonly newestEndedAs: RolloutState | null;
  /** Clusters on which something differs from the newest release. */
  readonly different: readonly ClusterDifference[];
  /** Clusters that have less than the release the group is held on. */
  readonly behindHeld: readonly ClusterDifference[];
}

export interface ClusterDifference {
  readonly clusterId: number;
  readonly isLive: boolean;
}

export type GroupStep =
  /** Nothing to start; `blocked` says why the newest release does not roll out, when it does not. */
  | { readonly type: 'rest'; readonly blocked: string | null }
  /** The newest release waits behind the current rollout, which is told to make room (`by` names the successor) or not. */
  | { readonly type: 'behind'; readonly blocked: string; readonly successor: string | null }
  /** A rollout that has not started yet is given up for a newer release. */
  | { readonly type: 'replace'; readonly rolloutId: number }
  | {
      readonly type: 'open';
      readonly releaseId: number;
      readonly endsHold: boolean;
      /** Only these clusters; null for all of them. */
      readonly scope: readonly number[] | null;
      readonly blocked: string | null;
    };

/** What a group should do next about its newest release: start it, wait, or bring single clusters along. */
export function nextGroupStep(group: GroupView): GroupStep {
  const refusal = refusalOf(group);
  if (group.current && !isTerminal(group.current.state)) return besideCurrent(group, group.current, refusal);
  const { newest, hold } = group;
  if (!newest) return { type: 'rest', blocked: null };
  if (refusal !== null) {
    const scope = liveClusters(group.behindHeld);
    return hold?.releaseId != null && hold.releaseId !== newest.id && scope.length > 0
      ? { type: 'open', releaseId: hold.releaseId, endsHold: false, scope, blocked: refusal }
      : { type: 'rest', blocked: refusal };
  }
  if (group.different.length === 0) return { type: 'rest', blocked: null };
  if (group.newestEndedAs === 'succeeded') {
    // It was approved and went through its gates: clusters that were away or joined since are only brought along.
    const scope = liveClusters(group.different);
    if (scope.length === 0) return { type: 'rest', blocked: null };
    return { type: 'open', releaseId: newest.id, endsHold: false, scope, blocked: null };
  }
  if (newest.strategy.trigger === 'manual') {
    return { type: 'rest', blocked: `release #${newest.number} waits for a person to start it (trigger: manual)` };
  }
  return { type: 'open', releaseId: newest.id, endsHold: hold !== null, scope: null, blocked: null };
}

/** Why automation must not start the newest release; null when it may. */
export function refusalOf({ newest, hold, quarantined, isQuarantinedDigest }: GroupView): string | null {
  if (!newest) return null;
  const [first] = quarantined;
  if (first) {
    const more = quarantined.length > 1 ? ` and ${quarantined.length - 1} more` : '';
    return `blocked: contains quarantined ${first.app} on ${first.cluster}${more} (release #${newest.number})`;
  }
  if (isQuarantinedDigest) return `blocked: release #${newest.number} is exactly what failed before`;
  if (!hold) return null;
  if (hold.policy === 'untilReleased') return `held until a person releases it: ${hold.reason}`;
  const bad = hold.badRelease;
  // A hold that no failed release explains cannot be ended by a better one.
  const isFixed = bad !== null && newest.id > bad.id && newest.digest !== bad.digest;
  return isFixed ? null : `held until a fixed release comes: ${hold.reason}`;
}

function besideCurrent(
  group: GroupView,
  current: NonNullable<GroupView['current']>,
  refusal: string | null,
): GroupStep {
  const { newest } = group;
  if (!newest || newest.id <= current.releaseId) return { type: 'rest', blocked: null };
  if (refusal !== null) return { type: 'behind', blocked: refusal, successor: null };
  const name = `release #${newest.number}`;
  if (newest.strategy.trigger === 'manual') {
    return { type: 'behind', blocked: `${name} waits for a person to start it (trigger: manual)`, successor: null };
  }
  if (!isActive(current.state)) return { type: 'replace', rolloutId: current.id };
  const mayTakeOver = current.kind === 'rollout' && current.onNewRelease === 'supersede' && current.state === 'running';
  return {
    type: 'behind',
    blocked: `${name} waits for rollout ${current.id}, which is ${current.state}`,
    successor: mayTakeOver ? name : null,
  };
}

function liveClusters(differences: readonly ClusterDifference[]): number[] {
  return differences.filter((difference) => difference.isLive).map((difference) => difference.clusterId);
}
