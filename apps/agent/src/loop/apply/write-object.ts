import type { JsonObject } from '@fairlead/manifests';
import { isKubeObject } from '@fairlead/manifests';
import { judgeAdoption } from '../../domain/apply/adoption.ts';
import { bodyOver } from '../../domain/apply/keep-ignored.ts';
import { mayRecreate } from '../../domain/apply/recreate.ts';
import { tooLarge } from '../../domain/apply/too-large.ts';
import { keepsForeignChanges } from '../../domain/ignore/ignore-rules.ts';
import { KubeError } from '../../kube/kube-error.ts';
import { objectMeta } from '../../kube/object-meta.ts';
import type { ObjectMeta } from '../../kube/object-meta.ts';
import { ignoreRulesOf } from '../ignore-rules-of.ts';
import type { TargetContext } from '../target-context.ts';
import { isNew } from './first-look.ts';
import type { FirstLook } from './first-look.ts';
import { NotWritten, sendApply } from './object-write.ts';
import type { ObjectWrite } from './object-write.ts';
import { recreate } from './recreate.ts';
import { hasFieldsToTake, migrateVersion, takeOver, takeOverRule } from './take-over.ts';

/**
 * Writes one object as its app wants it and gives the answer of the API server. An object that is new to us is adopted
 * first, or refused; fields of listed managers become ours; ignored fields stay.
 */
export async function writeObject(
  write: ObjectWrite,
  firstLook: FirstLook,
  context: TargetContext,
): Promise<JsonObject> {
  const { record } = write;
  const size = tooLarge(write.object);
  if (size !== null) throw new NotWritten({ reason: 'TooLarge', message: size, permanent: true });
  const rule = takeOverRule(write);
  // What is put back may have been made by somebody else meanwhile.
  if (isNew(record) || write.isCorrection) {
    const live = await look(write, firstLook, context);
    if (live !== null) adopt(write, live, context);
    if (live !== null && rule !== null && hasFieldsToTake(live, rule)) await takeOver(write, rule, context);
  }
  const answer = await applyOver(write, context);
  if (rule === null || !hasFieldsToTake(objectMeta(answer), rule)) return answer;
  await takeOver(write, rule, context);
  return applyOver(write, context);
}

async function look(write: ObjectWrite, firstLook: FirstLook, context: TargetContext): Promise<ObjectMeta | null> {
  const seen = firstLook.get(write.record.key);
  if (seen !== undefined) return seen;
  const live = await context.kube.getMeta(write.resource, write.record.id, write.signal);
  return live === null ? null : objectMeta(live);
}

function adopt({ record, assignment }: ObjectWrite, live: ObjectMeta, context: TargetContext): void {
  // What we made is ours, also without marks, and also when somebody made it anew without any.
  if (live.uid === record.uid) return;
  const { agentNamespace } = context;
  const { app, settings } = assignment;
  const adoption = judgeAdoption({ app, agentNamespace, id: record.id, live, settings: settings.apply });
  const isMissed = adoption.verdict === 'refuse' && adoption.reason === 'NotOwned' && !isNew(record);
  if (adoption.verdict === 'refuse' && !isMissed) {
    const { reason, message } = adoption;
    throw new NotWritten({ reason, message, permanent: true });
  }
  if (adoption.verdict === 'adopt') context.log.info('an object that existed is adopted', { app, object: record.key });
}

/** Applies over what is there, and once more when something that can be put right was in the way. */
async function applyOver(write: ObjectWrite, context: TargetContext): Promise<JsonObject> {
  try {
    return await applyOnce(write, context);
  } catch (error) {
    if (!(error instanceof KubeError) || !error.permanent) throw error;
    if (error.failure !== 'immutable') {
      if (!(await putRight(write, context))) throw error;
      return applyOnce(write, context);
    }
    if (!mayRecreate(write.object, write.assignment.settings.apply)) throw error;
    return recreate(write, context);
  }
}

async function applyOnce(write: ObjectWrite, context: TargetContext): Promise<JsonObject> {
  const { record, resource, object, assignment, signal } = write;
  const rules = await ignoreRulesOf(assignment.settings, context.log);
  if (!keepsForeignChanges(object) && !rules.concern(record.id, object.apiVersion))
    return sendApply(write, object, context);
  const live = await context.kube.get(resource, record.id, signal);
  if (live === null || !isKubeObject(live)) return sendApply(write, object, context);
  return sendApply(write, bodyOver(object, live, rules.ignoredOf(record.id, live)), context);
}

/** What others hold of the object may keep the server from merging: fields of an old version, items of a list under an old key. */
async function putRight(write: ObjectWrite, context: TargetContext): Promise<boolean> {
  const live = await context.kube.getMeta(write.resource, write.record.id, write.signal);
  if (live === null) return false;
  const rule = takeOverRule(write);
  if (rule === null || !hasFieldsToTake(objectMeta(live), rule)) return migrateVersion(write, context);
  await takeOver(write, rule, context);
  return true;
}
