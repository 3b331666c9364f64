import type { ObjectId } from '@fairlead/manifests';
import { formatObjectId } from '@fairlead/manifests';

/** One object that an app owns, or may own: entries are written before the first apply. */
export interface InventoryEntry {
  readonly id: ObjectId;
  readonly apiVersion: string;
  /** Empty: not known to exist. */
  readonly uid: string;
  /** Hash of the fields that were ours after the last apply; empty when that is not known. */
  readonly ownedSetHash: string;
  /** What it was applied as; null while that is not certain, and always before it is written anew. */
  readonly appliedHash: string | null;
}

/** What an app owns on the cluster. */
export interface Inventory {
  readonly app: string;
  /** `applying`: a superset, a run is under way or did not end well. `settled`: exactly what the digest left. */
  readonly state: 'applying' | 'settled';
  readonly digest: string | null;
  /** The list was lost and found again by labels: it may name too much, so nothing is pruned without a confirmation. */
  readonly rebuilt: boolean;
  readonly entries: readonly InventoryEntry[];
}

/** Ours with what only the other version lists: a second writer knew of objects that must not be forgotten. */
export function mergeInventories(ours: Inventory, other: Inventory): { merged: Inventory; added: InventoryEntry[] } {
  const known = new Set(ours.entries.map(({ id }) => formatObjectId(id)));
  const added = other.entries.filter(({ id }) => !known.has(formatObjectId(id)));
  const rebuilt = ours.rebuilt || other.rebuilt;
  return { merged: { ...ours, rebuilt, entries: [...ours.entries, ...added] }, added };
}
