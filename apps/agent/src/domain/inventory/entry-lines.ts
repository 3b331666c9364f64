import { formatObjectId, parseObjectId } from '@fairlead/manifests';
import type { InventoryEntry } from './inventory.ts';

const unknown = '-';

/** One line per object, sorted: key, API version, UID, hash of our fields, what it was applied as. */
export function formatEntry(entry: InventoryEntry): string {
  const { id, apiVersion, uid, ownedSetHash, appliedHash } = entry;
  // Names of some kinds may hold blanks, never a percent sign.
  const key = formatObjectId(id).replace(/\s/g, encodeURIComponent);
  return [key, apiVersion, uid || unknown, ownedSetHash || unknown, appliedHash ?? unknown].join(' ');
}

/** Reads the lines that an inventory stores; lines of earlier versions are shorter. */
export function parseEntries(lines: string): InventoryEntry[] {
  return lines.split('\n').flatMap((line) => {
    const [key, apiVersion, uid = unknown, ownedSetHash = unknown, ...applied] = line.split(' ');
    if (!key || !apiVersion) return [];
    const appliedHash = applied.join(' ');
    return {
      id: parseObjectId(decodeURIComponent(key)),
      apiVersion,
      uid: uid === unknown ? '' : uid,
      ownedSetHash: ownedSetHash === unknown ? '' : ownedSetHash,
      appliedHash: appliedHash === '' || appliedHash === unknown ? null : appliedHash,
    };
  });
}
