import type { Group, Rollout as ShownRollout } from '@fairlead/shared/contracts';
import type { PrincipalId } from '@fairlead/shared/kernel';
import type { GroupView } from '../domain/group-policy.ts';
import type { Observations } from '../domain/observations.ts';
import type { Effect } from '../domain/rollout.effects.ts';
import type { AppInOrder, HoldPolicy, Rollout, Strategy } from '../domain/rollout.types.ts';
import type { PlannedCluster } from '../domain/wave-plan.ts';

/** A rollout as it is stored, with the version its next writer must have read. */
export interface StoredRollout {
  readonly rollout: Rollout;
  readonly version: number;
}

export interface StoredRelease {
  readonly id: number;
  readonly number: number;
  readonly commit: string;
  readonly digest: string;
  readonly state: 'ready' | 'waiting';
  readonly strategy: Strategy;
  readonly apps: readonly AppInOrder[];
}

/** One entry of a release beside what the target has now. */
export interface PlanEntry {
  readonly appId: number;
  readonly app: string;
  readonly clusterId: number;
  readonly from: { readonly digest: string; readonly releaseId: number } | null;
  readonly to: string;
  /** It already is assigned exactly this: digest, settings and mode. */
  readonly isUnchanged: boolean;
  readonly isQuarantined: boolean;
  readonly prune: {
    readonly enabled: boolean;
    readonly maxDeletes: number | string;
    readonly confirm: readonly string[];
    readonly allowEmpty: boolean;
  };
}

export interface SnapshotContent {
  /** Object key -> blob digest. */
  readonly objects: ReadonlyMap<string, string>;
}

export interface NewRollout {
  readonly kind: 'rollout' | 'rollback';
  readonly rollout: Omit<Rollout, 'id'>;
  readonly planHash: string;
  readonly startedBy: string;
  readonly reason: string | null;
}

export interface QuarantineFilter {
  readonly app?: string | undefined;
  readonly cluster?: string | undefined;
  /** What failed in this release, or what of it failed before. */
  readonly releaseId?: number | undefined;
}

export interface NewHold {
  readonly releaseId: number | null;
  readonly reason: string;
  readonly policy: HoldPolicy;
  readonly by: string;
}

/** A request that may come twice and must be carried out once. */
export interface RepeatableRequest {
  readonly principalId: PrincipalId;
  readonly key: string;
  readonly route: string;
  readonly body: unknown;
}

export type Answer = Group | ShownRollout;

export type WorldRows = Pick<Observations, 'clusters' | 'reports' | 'assignments' | 'members' | 'quarantined'>;

/** One group while nobody else works on it. Everything written here is committed together, or not at all. */
/** The exact set of objects of one target that may be deleted. */
export interface PruneConfirmation {
  readonly appId: number;
  readonly clusterId: number;
  readonly hash: string;
}

export interface LockedGroup {
  readonly id: number;
  readonly name: string;
  view(liveSince: number): Promise<GroupView>;
  findRelease(by: { id: number } | { number: number } | 'newest'): Promise<StoredRelease | null>;
  /** The rollout that is not over. */
  findCurrent(): Promise<StoredRollout | null>;
  getRollout(id: number): Promise<StoredRollout>;
  /** The last release the whole group reached. */
  findBaseRelease(): Promise<number | null>;
  observe(rollout: Rollout, liveSince: number): Promise<WorldRows>;
  listClusters(liveSince: number): Promise<PlannedCluster[]>;
  listPlanEntries(releaseId: number): Promise<PlanEntry[]>;
  readSnapshots(digests: readonly string[]): Promise<ReadonlyMap<string, SnapshotContent>>;
  /** Per app: clusters that run it, and those of them the release does not name. */
  countCoverage(releaseId: number): Promise<{ app: string; clusters: number; withoutEntry: number }[]>;
  open(rollout: NewRollout, now: number): Promise<number>;
  /** Throws `rollout.conflict` when somebody else wrote the rollout since it was read. */
  save(change: { before: StoredRollout; next: Rollout; effects: readonly Effect[]; now: number }): Promise<void>;
  /** Lets the agents delete these sets as part of this rollout. */
  confirmPrunes(rolloutId: number, prunes: readonly PruneConfirmation[], by: string): Promise<void>;
  setBlocked(blocked: string | null): Promise<void>;
  setHold(hold: NewHold): Promise<void>;
  endHold(by: string, reason: string): Promise<boolean>;
  /** Releases open quarantines of the group, all or what the filter names. Gives how many. */
  unquarantine(of: QuarantineFilter, by: string, reason: string): Promise<number>;
  /** The release the group was on before the one it is on. */
  findEarlierRelease(): Promise<StoredRelease | null>;
  showRollout(id: number): Promise<ShownRollout>;
  showGroup(): Promise<Group>;
  /** The answer that was given to this request before. Throws `request.idempotency-key` when the key came with another. */
  recall(request: RepeatableRequest): Promise<Answer | null>;
  remember(request: RepeatableRequest, answer: Answer): Promise<void>;
  /** When the rollout that is not over wants to be looked at again. */
  findNextCheck(): Promise<number | null>;
}

export interface RolloutStore {
  /** Runs `work` in one transaction, alone for this group over all replicas. Throws `group.not-found`. */
  inGroup<T>(group: { id: number } | { name: string }, work: (group: LockedGroup) => Promise<T>): Promise<T>;
  /** Wants the group advanced soon. */
  remindGroup(groupId: number): Promise<void>;
  findGroupOfRollout(rolloutId: number): Promise<number | null>;
  /** Groups with a rollout that is not over, or with a newest release nobody looked at yet. */
  listGroupsWithWork(): Promise<number[]>;
  recordRefusal(refusal: { actor: string; action: string; subject: string; reason: string }): Promise<void>;
}

export const ROLLOUT_STORE = Symbol('RolloutStore');
