import type { Assignment, DriftItemReport, DriftMessage } from '@fairlead/shared/contracts';
import { groupsInOrder } from '../../domain/apply/order.ts';
import type { SnapshotReader } from '../../hub/snapshot-store.ts';
import { KubeError } from '../../kube/kube-error.ts';
import { errorFields } from '../../logger.ts';
import { eachLimited } from '../each-limited.ts';
import { LeaseLost } from '../lease.ts';
import { noteDrift } from '../state/object-record.ts';
import type { ObjectRecord } from '../state/object-record.ts';
import type { TargetContext } from '../target-context.ts';
import { correct, noteContention } from './correct.ts';
import { lookAt } from './look.ts';
import type { Sight } from './look.ts';

export type ClosedDrift = DriftMessage['closed'][number];

export interface DriftJob {
  readonly assignment: Assignment;
  readonly reader: SnapshotReader;
  readonly signal: AbortSignal;
  readonly opened: (items: readonly DriftItemReport[]) => void;
  readonly closed: (items: readonly ClosedDrift[]) => void;
}

const checksAtOnce = 8;
const failureBackoff = { firstMs: 1_000, mostMs: 60_000 };

/**
 * Looks at every suspect, reports what differs and, when the mode says so, puts it back: namespaces and definitions before
 * what lives in them. An object that cannot be looked at now is looked at later; only a server that cannot be reached ends it.
 */
export async function checkDrift(
  suspects: readonly ObjectRecord[],
  job: DriftJob,
  context: TargetContext,
): Promise<void> {
  for (const objects of groupsInOrder(suspects)) {
    await eachLimited(objects, checksAtOnce, async (record) => {
      job.signal.throwIfAborted();
      try {
        await checkObject(record, job, context);
        record.look.failures = 0;
      } catch (error) {
        if (job.signal.aborted || concernsAll(error)) throw error;
        postpone(record, error, context);
      }
    });
  }
}

async function checkObject(record: ObjectRecord, job: DriftJob, context: TargetContext): Promise<void> {
  const { look } = record;
  if (record.resource === null || record.desired === null || record.appliedHash === null) {
    record.suspect = false;
    return;
  }
  // What happens from here on makes it suspect anew.
  record.suspect = false;
  const sight = await lookAt(record, job, context);
  if (sight === null) return;
  look.isThorough = false;
  noteContention(record, sight, job, context);
  report(record, sight, job);
  remember(record, sight);
  const isCorrecting = job.assignment.mode === 'reconcile' && job.assignment.settings.driftMode === 'correct';
  if (!isCorrecting || (sight.drift.length === 0 && !sight.isDisowned && !sight.isClaimable)) return;
  const dueAt = await correct(record, sight, job, context);
  if (dueAt === null) return;
  look.notBefore = dueAt;
  record.suspect = true;
}

/** Remembers the state that was looked at, as far as the fields we own do not tell by themselves how things are. */
function remember(record: ObjectRecord, { meta, drift }: Sight): void {
  const { look } = record;
  if (meta === null) {
    look.seenHash = '';
    return;
  }
  record.resourceVersion = meta.resourceVersion;
  look.foreignHash = meta.foreignHash;
  const isOurs = meta.uid === record.uid && meta.ownedSetHash === record.ownedSetHash;
  look.seenHash = isOurs && drift.length === 0 ? null : meta.stateHash;
}

/** Opens what is new, closes what is no longer so. */
function report(record: ObjectRecord, sight: Sight, job: DriftJob): void {
  const at = new Date().toISOString();
  const findings = [...sight.drift, ...sight.unmanaged];
  const found = new Set(findings.map((finding) => finding.path));
  const gone = [...record.drift.keys()].filter((path) => !found.has(path));
  if (gone.length > 0) job.closed(gone.map((path) => ({ object: record.key, path, outcome: 'reverted', at })));
  for (const path of gone) record.drift.delete(path);
  const fresh: DriftItemReport[] = [];
  for (const finding of findings) {
    const known = record.drift.get(finding.path);
    const item = {
      object: record.key,
      apiVersion: record.apiVersion,
      firstSeenAt: known?.firstSeenAt ?? at,
      contended: record.contended && finding.change !== 'unmanaged',
      ...finding,
    };
    if (known !== undefined && JSON.stringify(known) === JSON.stringify(item)) continue;
    noteDrift(record, item);
    fresh.push(item);
  }
  if (fresh.length > 0) job.opened(fresh);
}

/** Whether an error says nothing about the object that was looked at, but about all. */
function concernsAll(error: unknown): boolean {
  if (error instanceof LeaseLost) return true;
  if (!(error instanceof KubeError)) return false;
  return error.concernsServer || error.failure === 'throttled';
}

/** Comes back to an object later, ever later while it fails; one that cannot be compared at all waits for a change. */
function postpone(record: ObjectRecord, error: unknown, context: TargetContext): void {
  const { look } = record;
  const isHopeless = error instanceof KubeError && error.permanent;
  const waitMs = Math.min(failureBackoff.mostMs, failureBackoff.firstMs * 2 ** look.failures);
  look.failures += 1;
  record.suspect = !isHopeless;
  look.notBefore = performance.now() + waitMs;
  context.log.warn('an object cannot be compared', {
    object: record.key,
    // Servers quote values in their messages.
    ...(record.id.kind === 'Secret' ? {} : errorFields(error)),
    ...(error instanceof KubeError ? { failure: error.failure } : {}),
  });
}
