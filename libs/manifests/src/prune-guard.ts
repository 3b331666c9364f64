import { compareForApply } from './apply-order.ts';
import { sha256Hex } from './digest.ts';
import type { ObjectId } from './kube-object.ts';
import { formatObjectId } from './kube-object.ts';

export type PruneHoldReason = 'empty-render' | 'all-objects' | 'mass-prune' | 'confirmed-kind' | 'inventory-rebuilt';

export interface PruneQuestion {
  /** What the app owns on the cluster now. */
  readonly inventory: readonly ObjectId[];
  readonly desired: readonly ObjectId[];
  /** A count, or a share such as `"25%"`; a share never means less than five objects. Default 25 %. */
  readonly maxDeletes?: number | string;
  /** Kinds that are deleted only on confirmation. */
  readonly confirmKinds?: readonly string[];
  readonly allowEmpty?: boolean;
  /** The inventory was lost and found again by labels: nothing goes before somebody has looked at the set. */
  readonly rebuilt?: boolean;
  /** The hash of a hold that somebody confirmed; it frees exactly that set. */
  readonly confirmedHash?: string;
}

export interface PruneHold {
  readonly reason: PruneHoldReason;
  /** Identifies the exact set, for the confirmation. */
  readonly hash: string;
  readonly ids: readonly ObjectId[];
}

export interface PruneAnswer {
  /** What may be deleted, in the order of deletion. */
  readonly allowed: readonly ObjectId[];
  readonly held: PruneHold | null;
}

export const defaultConfirmKinds: readonly string[] = [
  'Namespace',
  'CustomResourceDefinition',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'StatefulSet',
];

const leastShare = 5;

/** Decides which objects that left the release may be deleted, and which wait for a confirmation. */
export function evaluatePrune(question: PruneQuestion): PruneAnswer {
  const desired = new Set(question.desired.map(formatObjectId));
  const gone = question.inventory
    .filter((id) => !desired.has(formatObjectId(id)))
    .sort((left, right) => compareForApply(right, left));
  if (gone.length === 0) return { allowed: [], held: null };

  const reason = reasonToHoldAll(question, gone.length);
  if (reason !== null) return hold(reason, gone, [], question.confirmedHash);

  const confirmKinds = new Set(question.confirmKinds ?? defaultConfirmKinds);
  const precious = gone.filter((id) => confirmKinds.has(id.kind));
  if (precious.length === 0) return { allowed: gone, held: null };
  const rest = gone.filter((id) => !confirmKinds.has(id.kind));
  return hold('confirmed-kind', precious, rest, question.confirmedHash);
}

/** The hash that a confirmation of exactly these deletions must carry. */
export function pruneSetHash(ids: readonly ObjectId[]): string {
  return sha256Hex(ids.map(formatObjectId).sort().join('\n'));
}

function reasonToHoldAll(question: PruneQuestion, goneCount: number): PruneHoldReason | null {
  if (question.rebuilt === true) return 'inventory-rebuilt';
  const total = question.inventory.length;
  if (goneCount === total && question.allowEmpty !== true) {
    return question.desired.length === 0 ? 'empty-render' : 'all-objects';
  }
  if (goneCount === total && question.desired.length === 0) return null;
  return goneCount > deleteLimit(question.maxDeletes ?? '25%', total) ? 'mass-prune' : null;
}

function deleteLimit(maxDeletes: number | string, total: number): number {
  if (typeof maxDeletes === 'number') return maxDeletes;
  const share = /^(\d+(?:\.\d+)?)%$/.exec(maxDeletes);
  if (share === null) throw new RangeError(`not a count or a percentage: "${maxDeletes}"`);
  return Math.max(leastShare, Math.floor((total * Number(share[1])) / 100));
}

function hold(
  reason: PruneHoldReason,
  ids: readonly ObjectId[],
  allowed: readonly ObjectId[],
  confirmedHash: string | undefined,
): PruneAnswer {
  const hash = pruneSetHash(ids);
  if (hash !== confirmedHash) return { allowed, held: { reason, hash, ids } };
  return { allowed: [...allowed, ...ids].sort((left, right) => compareForApply(right, left)), held: null };
}
