import type { Assignment, DriftItemReport, DriftMessage } from '@fairlead/shared/contracts';
import type { KubeObject } from '@fairlead/manifests';
import { isKubeObject, isSecret } from '@fairlead/manifests';
import { deletedFinding, findDrift } from '../../domain/drift/drift.ts';
import type { DriftFinding } from '../../domain/drift/drift.ts';
import { correctionDelayMs, recentCorrections } from '../../domain/drift/correction-pace.ts';
import type { SnapshotReader } from '../../hub/snapshot-store.ts';
import { KubeError } from '../../kube/kube-error.ts';
import { objectMeta } from '../../kube/object-meta.ts';
import { applyObject } from '../apply/apply-object.ts';
import { prepareFor } from '../apply/prepare-for.ts';
import { eachLimited } from '../each-limited.ts';
import type { ObjectRecord } from '../state/object-record.ts';
import type { TargetContext } from '../target-context.ts';

export type ClosedDrift = DriftMessage['closed'][number];

export interface DriftJob {
  readonly assignment: Assignment;
  readonly reader: SnapshotReader;
  readonly signal: AbortSignal;
  readonly opened: (items: readonly DriftItemReport[]) => void;
  readonly closed: (items: readonly ClosedDrift[]) => void;
}

const checksAtOnce = 8;

/** Looks at every suspect, reports what differs and, when the mode says so, puts it back. Gives when to come again, in ms. */
export async function checkDrift(
  suspects: readonly ObjectRecord[],
  job: DriftJob,
  context: TargetContext,
): Promise<number | null> {
  let next: number | null = null;
  await eachLimited(suspects, checksAtOnce, async (record) => {
    job.signal.throwIfAborted();
    const waitMs = await checkObject(record, job, context);
    if (waitMs !== null) next = next === null ? waitMs : Math.min(next, waitMs);
  });
  return next;
}

async function checkObject(record: ObjectRecord, job: DriftJob, context: TargetContext): Promise<number | null> {
  if (record.resource === null || record.desired === null || record.appliedHash === null) {
    record.suspect = false;
    return null;
  }
  const findings = await look(record, job, context);
  if (findings === null) return null;
  note(record, findings, job);
  const isCorrecting = job.assignment.mode === 'reconcile' && job.assignment.settings.driftMode === 'correct';
  if (!isCorrecting) {
    record.suspect = false;
    return null;
  }
  return correct(record, findings, job, context);
}

/** What differs, or null when that cannot be known (then the object stays as it is). */
async function look(record: ObjectRecord, job: DriftJob, context: TargetContext): Promise<DriftFinding[] | null> {
  const { resource, desired } = record;
  if (resource === null || desired === null) return null;
  const live = await context.kube.get(resource, record.id, job.signal);
  if (live === null && record.memory.vanishes) {
    record.suspect = false;
    return null;
  }
  if (live === null || !isKubeObject(live)) return [deletedFinding()];
  const stored = await job.reader.object(desired);
  const object = prepareFor(record, stored, job.assignment.app, context);
  const meta = objectMeta(live);
  record.resourceVersion = meta.resourceVersion;
  try {
    const predicted = await context.kube.apply(resource, record.id, object, { dryRun: true, signal: job.signal });
    if (!isKubeObject(predicted)) return null;
    const findings = findDrift({
      id: record.id,
      live,
      predicted,
      maskKey: context.maskKey(),
      verifiedAt: record.verifiedAt,
    });
    // Only ownership moved. Where it may not be taken back, the object is right as it is.
    if (findings.length === 0) Object.assign(record, { uid: meta.uid, ownedSetHash: meta.ownedSetHash });
    return findings;
  } catch (error) {
    if (error instanceof KubeError && error.failure === 'no-dry-run')
      return findDrift(withoutDryRun(record, live, object, context));
    if (
      error instanceof KubeError &&
      (error.permanent || error.failure === 'terminating' || error.failure === 'no-namespace')
    ) {
      context.log.warn('an object cannot be compared', {
        object: record.key,
        failure: error.failure,
        ...(isSecret(object) ? {} : { answer: error.message }),
      });
      record.suspect = false;
      return null;
    }
    throw error;
  }
}

/** Where a webhook refuses dry runs, the fields we declare are compared as they are. */
function withoutDryRun(record: ObjectRecord, live: KubeObject, desired: KubeObject, context: TargetContext) {
  const predicted = mergeDeclared(live, desired);
  return { id: record.id, live, predicted, maskKey: context.maskKey(), verifiedAt: record.verifiedAt };
}

function mergeDeclared(live: KubeObject, desired: KubeObject): KubeObject {
  const merge = (under: unknown, over: unknown): unknown => {
    if (typeof under !== 'object' || under === null || Array.isArray(under)) return over;
    if (typeof over !== 'object' || over === null || Array.isArray(over)) return over;
    const result: Record<string, unknown> = { ...under };
    for (const [key, value] of Object.entries(over)) result[key] = merge(result[key], value);
    return result;
  };
  return merge(live, desired) as KubeObject;
}

/** Opens what is new, closes what is no longer so. */
function note(record: ObjectRecord, findings: readonly DriftFinding[], job: DriftJob): void {
  const at = new Date().toISOString();
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
      contended: record.contended,
      ...finding,
    };
    if (known !== undefined && JSON.stringify(known) === JSON.stringify(item)) continue;
    record.drift.set(finding.path, item);
    fresh.push(item);
  }
  if (fresh.length > 0) job.opened(fresh);
}

async function correct(
  record: ObjectRecord,
  findings: readonly DriftFinding[],
  job: DriftJob,
  context: TargetContext,
): Promise<number | null> {
  const now = performance.now();
  record.corrections = recentCorrections(record.corrections, now);
  if (record.correctAfter > now) return record.correctAfter - now;
  const { namespace } = record.id;
  if (namespace !== '' && namespace === job.assignment.settings.namespace && job.assignment.settings.createNamespace) {
    if (findings.some((finding) => finding.change === 'object-deleted')) context.namespaces.forget(namespace);
    await context.namespaces.ensure(namespace, () => {
      context.assertMayWrite();
    });
  }
  await applyObject(
    record,
    { assignment: job.assignment, reader: job.reader, signal: job.signal, onApplied: () => undefined },
    context,
  );
  if (record.failure !== null) {
    record.suspect = false;
    return null;
  }
  // Only values that were put back count towards a fight; taking ownership back disturbs nobody.
  if (findings.length > 0) {
    record.corrections.push(now);
    const delayMs = correctionDelayMs(record.corrections, now);
    record.correctAfter = now + delayMs;
    record.contended = delayMs > 0;
    if (delayMs > 0)
      context.log.warn('an object is contended', {
        app: job.assignment.app,
        object: record.key,
        manager: findings[0]?.manager ?? null,
      });
    const at = new Date().toISOString();
    job.closed([...record.drift.keys()].map((path) => ({ object: record.key, path, outcome: 'corrected', at })));
    context.log.info('drift corrected', { app: job.assignment.app, object: record.key, fields: record.drift.size });
  }
  record.drift.clear();
  return null;
}
