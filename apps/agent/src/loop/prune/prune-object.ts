import type { Notice, TargetSettings } from '@fairlead/shared/contracts';
import type { JsonObject } from '@fairlead/manifests';
import { fieldAt } from '@fairlead/manifests';
import { liveVerdict } from '../../domain/prune/live-verdict.ts';
import type { PruneContext, Staying } from '../../domain/prune/live-verdict.ts';
import { KubeError } from '../../kube/kube-error.ts';
import { objectMeta } from '../../kube/object-meta.ts';
import type { Resource } from '../../kube/resource.ts';
import type { ObjectRecord } from '../state/object-record.ts';
import type { TargetContext } from '../target-context.ts';
import { contentInTheWay } from './content-check.ts';
import { removeMarks } from './remove-marks.ts';
import { findLive } from './resolve-kind.ts';

export interface PruneFacts extends Omit<PruneContext, 'contentInTheWay'> {
  readonly settings: TargetSettings['prune'];
  /** The whole app goes: what stays loses our marks, whatever keeps it. */
  readonly appGoes: boolean;
}

/**
 * `gone`: not there any more. `released`: it stays, and the app has nothing to do with it any more. `kept`: the app's, it
 * stays for now. `going`: its deletion is under way. `refused`: the server did not delete it now. `unknown`: it could not
 * be looked at now.
 */
export type ObjectOutcome = 'gone' | 'released' | 'kept' | 'going' | 'refused' | 'unknown';

/** Deletes one object when nothing objects, and leaves on its record what a person should know about it. */
export async function pruneObject(
  record: ObjectRecord,
  facts: PruneFacts,
  context: TargetContext,
): Promise<ObjectOutcome> {
  const progress = { sent: false };
  try {
    return await judgeAndDelete(record, facts, progress, context);
  } catch (error) {
    // One deletion that is refused must not keep the others; a server that cannot be reached keeps all.
    if (!(error instanceof KubeError) || error.concernsServer) throw error;
    const what = progress.sent ? 'it could not be deleted' : 'it could not be looked at before its deletion';
    record.notice = notice(record, 'DeleteRefused', `${what} and will be tried again: ${error.message}`);
    const { failure } = error;
    context.log.warn('an object could not be deleted', { app: facts.app, object: record.key, failure });
    return progress.sent ? 'refused' : 'unknown';
  }
}

async function judgeAndDelete(
  record: ObjectRecord,
  facts: PruneFacts,
  progress: { sent: boolean },
  context: TargetContext,
): Promise<ObjectOutcome> {
  record.notice = null;
  const found = await findLive(record, context);
  if (found === null) return 'gone';
  const { resource, live } = found;
  record.resource = resource;
  const meta = objectMeta(live);
  const verdict = await liveVerdict(record.id, meta, {
    ...facts,
    contentInTheWay: async (id) => (facts.settings.cascade ? null : contentInTheWay(id, live, facts.app, context)),
  });
  if (verdict.action === 'wait') return waiting(record, live, context);
  if (verdict.action === 'release' || verdict.action === 'keep') {
    return leave(record, { resource, uid: meta.uid, verdict }, facts, context);
  }
  context.assertMayWrite();
  // From here on the object may be gone whatever we hear: coming back into the app, it is applied anew.
  record.appliedHash = null;
  progress.sent = true;
  const options = { uid: meta.uid, propagation: facts.settings.propagation };
  const answer = await context.kube.delete(resource, record.id, options);
  context.log.info('pruned', { app: facts.app, object: record.key });
  const left = answer === 'gone' ? null : await context.kube.get(resource, record.id);
  return left === null ? 'gone' : waiting(record, left, context);
}

/** The object stays, and the status says why. */
async function leave(
  record: ObjectRecord,
  { resource, uid, verdict }: { resource: Resource; uid: string; verdict: Staying },
  { app, appGoes }: PruneFacts,
  context: TargetContext,
): Promise<ObjectOutcome> {
  record.notice = notice(record, 'Kept', `the object left the app and stays: ${verdict.reason}`);
  context.log.info('an object that left the app stays', { app, object: record.key, why: verdict.reason });
  const isOurs = verdict.action === 'keep' || verdict.isOurs;
  const detaches = appGoes || (verdict.action === 'release' && verdict.detach);
  if (isOurs && detaches) await removeMarks(resource, record.id, uid, context);
  return verdict.action === 'keep' && !appGoes ? 'kept' : 'released';
}

/** Its end wakes the target again. */
async function waiting(record: ObjectRecord, live: JsonObject, context: TargetContext): Promise<ObjectOutcome> {
  const finalizers = fieldAt(live, ['metadata', 'finalizers']);
  const names = Array.isArray(finalizers) ? finalizers.join(', ') : '';
  const message = names === '' ? 'the object is being deleted' : `the object is being deleted and waits for ${names}`;
  record.notice = notice(record, 'Terminating', message);
  if (record.resource !== null) await context.watches.ensure(record.resource);
  return 'going';
}

function notice(record: ObjectRecord, reason: string, message: string): Notice {
  return { reason, object: record.key, message: message.slice(0, 500) };
}
