import { deletionLevels, isCustomResource } from '../../domain/prune/deletion-levels.ts';
import { eachLimited } from '../each-limited.ts';
import type { ObjectRecord } from '../state/object-record.ts';
import type { ObjectOutcome } from './prune-object.ts';

const deletesAtOnce = 8;

/**
 * Goes through objects in the order of deletion. A level begins when the one before is gone; what is refused keeps the
 * others only when it is a custom resource, because the rest may be what its deletion needs.
 */
export async function deleteInLevels(
  records: readonly ObjectRecord[],
  signal: AbortSignal,
  work: (record: ObjectRecord) => Promise<ObjectOutcome>,
): Promise<ReadonlyMap<ObjectRecord, ObjectOutcome>> {
  const outcomes = new Map<ObjectRecord, ObjectOutcome>();
  for (const level of deletionLevels(records)) {
    await eachLimited(level, deletesAtOnce, async (record) => {
      signal.throwIfAborted();
      outcomes.set(record, await work(record));
    });
    const holdsNext = level.some((record) => {
      const outcome = outcomes.get(record);
      return outcome === 'going' || (outcome === 'refused' && isCustomResource(record.id));
    });
    if (holdsNext) break;
  }
  return outcomes;
}
