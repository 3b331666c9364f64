import type { Assignment, DriftItemReport } from '@fairlead/shared/contracts';
import { isWanted } from '../../domain/managed-fields/take-over.ts';
import { forgottenAt, isContended, nextCorrectionAt, recentCorrections } from '../../domain/drift/correction-pace.ts';
import { applyObject } from '../apply/apply-object.ts';
import type { ObjectRecord } from '../state/object-record.ts';
import type { TargetContext } from '../target-context.ts';
import type { DriftJob } from './drift-check.ts';
import type { Sight } from './look.ts';

/**
 * Writes an object as it should be, unless somebody keeps changing it back: then only at the pace of a fight. Gives when it
 * may be written, monotonic ms, or null when it was.
 */
export async function correct(
  record: ObjectRecord,
  sight: Sight,
  job: DriftJob,
  context: TargetContext,
): Promise<number | null> {
  const { look } = record;
  const now = performance.now();
  // Taking ownership back disturbs nobody, but who loses it at once again must not make us write for ever.
  const writes = sight.drift.length > 0 ? 'corrections' : 'reclaims';
  const dueAt = nextCorrectionAt(look[writes], now);
  if (dueAt > now) return dueAt;
  await ensureNamespace(record, sight, job, context);
  const { assignment, reader, signal } = job;
  // Somebody may have made it anew: whether it may be ours is asked again. Of the same object that is known.
  const isCorrection = sight.meta?.uid !== record.uid;
  // What others had set was seen a moment ago; the write only takes from it.
  look.foreignHash = null;
  await applyObject(record, { assignment, reader, signal, isCorrection, onApplied: () => undefined }, context);
  if (record.failure !== null) {
    record.suspect = false;
    return null;
  }
  look[writes] = [...recentCorrections(look[writes], now), now];
  look.seenHash = null;
  const fields = [...record.drift.values()].filter((item) => isGone(item, assignment)).map(({ path }) => path);
  for (const path of fields) record.drift.delete(path);
  if (fields.length === 0) return null;
  const at = new Date().toISOString();
  job.closed(fields.map((path) => ({ object: record.key, path, outcome: 'corrected', at })));
  context.log.info('drift corrected', { app: assignment.app, object: record.key, fields: fields.length });
  return null;
}

/** Whether a write ends it: what others set besides stays, unless the app takes their fields over. */
function isGone({ change, manager }: DriftItemReport, { settings }: Assignment): boolean {
  return change !== 'unmanaged' || (manager !== null && isWanted(manager, settings.apply.takeOver));
}

async function ensureNamespace(
  record: ObjectRecord,
  sight: Sight,
  job: DriftJob,
  context: TargetContext,
): Promise<void> {
  const { namespace, createNamespace } = job.assignment.settings;
  if (record.id.namespace === '' || record.id.namespace !== namespace || !createNamespace) return;
  if (sight.meta === null) context.namespaces.forget(namespace);
  await context.namespaces.ensure(namespace, () => {
    context.assertMayWrite();
  });
}

/** Says of an object that differs whether somebody keeps changing it back, and who; the log has it once. */
export function noteContention(record: ObjectRecord, sight: Sight, job: DriftJob, context: TargetContext): void {
  if (sight.drift.length === 0 || record.contended || !isContended(record.look.corrections, performance.now())) return;
  record.contended = true;
  context.log.warn('an object is contended', {
    app: job.assignment.app,
    object: record.key,
    manager: sight.drift[0]?.manager ?? null,
    path: sight.drift[0]?.path ?? null,
  });
}

/** Ends the contention of objects that were left alone long enough. Gives when the next one may end, in ms from now. */
export function endContentions(records: Iterable<ObjectRecord>): number | null {
  const now = performance.now();
  let next: number | null = null;
  for (const record of records) {
    if (!record.contended) continue;
    const waitMs = forgottenAt(record.look.corrections) - now;
    if (waitMs > 0) next = next === null ? waitMs : Math.min(next, waitMs);
    else record.contended = false;
  }
  return next;
}
