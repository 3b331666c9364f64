import type { Assignment } from '@fairlead/shared/contracts';
import type { JsonObject } from '@fairlead/manifests';
import { isSecret } from '@fairlead/manifests';
import { isAgentsOwn } from '../../domain/prune/agents-own.ts';
import type { SnapshotReader } from '../../hub/snapshot-store.ts';
import { objectMeta } from '../../kube/object-meta.ts';
import { apiVersionOf } from '../../kube/resource.ts';
import type { Resource } from '../../kube/resource.ts';
import { generationBefore, healthAfterApply, rememberApply } from '../health/after-apply.ts';
import { settle } from '../drift/touch.ts';
import { noRetry } from '../state/object-record.ts';
import type { ObjectRecord } from '../state/object-record.ts';
import type { TargetContext } from '../target-context.ts';
import { applyFailure } from './apply-failure.ts';
import type { FirstLook } from './first-look.ts';
import { NotWritten } from './object-write.ts';
import { prepareFor } from './prepare-for.ts';
import { failedOnce } from './retry-state.ts';
import { writeObject } from './write-object.ts';

export interface ApplyObjectJob {
  readonly assignment: Assignment;
  readonly reader: SnapshotReader;
  readonly signal: AbortSignal;
  /** Called after the object was written. */
  readonly onApplied: (record: ObjectRecord) => void;
  /** The object is put back, not brought to something new. */
  readonly isCorrection?: boolean;
  /** What was seen already of objects that are new to us. */
  readonly firstLook?: FirstLook;
}

const nothingSeen: FirstLook = new Map();

/** What an object is applied as: its content. Its place is in its key. */
export function desiredHash(record: ObjectRecord): string {
  return record.desired?.digest ?? '';
}

/** Applies one object and records the outcome on it. Throws only when the server cannot be reached or the run is cancelled. */
export async function applyObject(record: ObjectRecord, job: ApplyObjectJob, context: TargetContext): Promise<void> {
  const { resource, desired } = record;
  if (resource === null || desired === null) return;
  const { app } = job.assignment;
  const refusal = refuse(record, app, context);
  if (refusal !== null) {
    record.failure = refusal;
    return;
  }
  context.assertMayWrite();
  let isSecretObject = false;
  try {
    const stored = await job.reader.object(desired);
    isSecretObject = isSecret(stored);
    const object = prepareFor(record, stored, app, context);
    const { assignment, signal, isCorrection = false } = job;
    const hash = desiredHash(record);
    record.appliedHash = null;
    const write = { record, resource, object, assignment, isCorrection, signal };
    const before = await generationBefore(record, context, signal);
    const answer = await writeObject(write, job.firstLook ?? nothingSeen, context);
    rememberApply(record, { desired: object, answer, generationBefore: before });
    noteApplied(record, answer, { hash, resource });
    record.health = await healthAfterApply(record, answer, assignment.settings, context);
    job.onApplied(record);
  } catch (error) {
    job.signal.throwIfAborted();
    const failure = error instanceof NotWritten ? error.failure : applyFailure(error, { isSecret: isSecretObject });
    if (failure === null) throw error;
    failedOnce(record, desiredHash(record), failure);
    if (failure.reason === 'NamespaceMissing') context.namespaces.forget(record.id.namespace);
    if (failure.reason === 'KindNotServed') await context.kube.discover(record.apiVersion, true);
  }
}

function noteApplied(
  record: ObjectRecord,
  answer: JsonObject,
  { hash, resource }: { hash: string; resource: Resource },
) {
  const meta = objectMeta(answer);
  record.appliedHash = hash;
  record.apiVersion = apiVersionOf(resource);
  record.uid = meta.uid;
  record.resourceVersion = meta.resourceVersion;
  record.ownedSetHash = meta.ownedSetHash;
  record.verifiedAt = new Date().toISOString();
  record.failure = null;
  record.retry = noRetry;
  settle(record, meta);
}

function refuse(record: ObjectRecord, app: string, context: TargetContext): ObjectRecord['failure'] {
  if (isAgentsOwn(record.id, context.agentNamespace)) {
    return {
      reason: 'AgentOwnObject',
      message: 'the object belongs to the agent and cannot be part of an app',
      permanent: true,
    };
  }
  const other = context.otherOwner(app, record.key);
  if (other === null) return null;
  return { reason: 'OwnedByAnother', message: `the object belongs to the app "${other}"`, permanent: true };
}
