import type { PruneHold, TargetSettings } from '@fairlead/shared/contracts';
import type { ObjectId } from '@fairlead/manifests';
import { evaluatePrune, formatObjectId } from '@fairlead/manifests';

export interface PruneQuestion {
  readonly inventory: readonly ObjectId[];
  readonly desired: readonly ObjectId[];
  readonly settings: TargetSettings['prune'];
  /** Hash of the set whose deletion a person agreed to. */
  readonly confirmedHash: string | null;
  /** The inventory was lost and found again by labels. */
  readonly rebuilt: boolean;
}

export interface PrunePlan {
  readonly allowed: readonly ObjectId[];
  readonly held: PruneHold | null;
}

const mostNamed = 50;

/** Which objects that left the app may go. The guard that the hub has too decides about the set, `liveVerdict` about each object. */
export function planPrune({ inventory, desired, settings, confirmedHash, rebuilt }: PruneQuestion): PrunePlan {
  const { allowed, held } = evaluatePrune({
    inventory,
    desired,
    maxDeletes: settings.maxDeletes,
    confirmKinds: settings.confirm,
    allowEmpty: settings.allowEmpty,
    rebuilt,
    ...(confirmedHash === null ? {} : { confirmedHash }),
  });
  if (held === null) return { allowed, held: null };
  const { reason, hash, ids } = held;
  return { allowed, held: { reason, hash, objects: ids.slice(0, mostNamed).map(formatObjectId), count: ids.length } };
}
