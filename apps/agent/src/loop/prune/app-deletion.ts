import type { Assignment, Deletion } from '@fairlead/shared/contracts';
import { pruneSetHash } from '@fairlead/manifests';
import { isAgentsOwn } from '../../domain/prune/agents-own.ts';
import { isMarkedFor } from '../../domain/marks.ts';
import { KubeError } from '../../kube/kube-error.ts';
import { objectMeta } from '../../kube/object-meta.ts';
import { eachLimited } from '../each-limited.ts';
import type { ObjectRecord } from '../state/object-record.ts';
import type { TargetState } from '../state/target-state.ts';
import type { TargetContext } from '../target-context.ts';
import { deleteInLevels } from './delete-in-levels.ts';
import { pruneObject } from './prune-object.ts';
import type { ObjectOutcome } from './prune-object.ts';
import { removeMarks } from './remove-marks.ts';
import { findLive } from './resolve-kind.ts';

/** `void`: another set of objects was agreed to. `under-way`: `left` are still there. */
export type DeletionOutcome =
  | { readonly kind: 'void'; readonly hash: string; readonly count: number }
  | { readonly kind: 'under-way'; readonly left: readonly ObjectRecord[] }
  | { readonly kind: 'done' };

const releasesAtOnce = 8;

/**
 * Lets an app go as its approved deletion says. Every step can be repeated: the inventory keeps the whole set until the
 * end, so that a restart finds the set that was agreed to and goes on.
 */
export async function deleteApp(
  state: TargetState,
  { assignment, deletion, signal }: { assignment: Assignment; deletion: Deletion; signal: AbortSignal },
  context: TargetContext,
): Promise<DeletionOutcome> {
  const ids = state.inventory('settled').entries.map(({ id }) => id);
  const hash = pruneSetHash(ids);
  if (ids.length > 0 && hash !== deletion.objectSetHash) return { kind: 'void', hash, count: ids.length };
  // From here on nothing of it is certain: should the app come back before the end, all of it is applied again.
  for (const record of state.records.values()) Object.assign(record, { desired: null, appliedHash: null });
  const records = [...state.records.values()].filter((record) => !state.partedKeys.has(record.key));
  const outcomes = new Map<ObjectRecord, ObjectOutcome>();
  if (deletion.policy === 'orphan') {
    await eachLimited(records, releasesAtOnce, async (record) => {
      signal.throwIfAborted();
      outcomes.set(record, await releaseObject(record, state.app, context));
    });
  } else {
    const facts = {
      app: state.app,
      agentNamespace: context.agentNamespace,
      appliedUids: new Set<string>(),
      usedNamespaces: new Set<string>(),
      settings: assignment.settings.prune,
      appGoes: true,
    };
    const found = await deleteInLevels(records, signal, (record) => pruneObject(record, facts, context));
    for (const [record, outcome] of found) outcomes.set(record, outcome);
  }
  for (const [record, outcome] of outcomes) {
    if (outcome !== 'gone' && outcome !== 'released') continue;
    state.partedKeys.add(record.key);
    if (record.notice !== null) state.parted.push(record.notice);
    record.notice = null;
  }
  const left = records.filter((record) => !isDone(outcomes.get(record), deletion.policy));
  return left.length === 0 ? { kind: 'done' } : { kind: 'under-way', left };
}

function isDone(outcome: ObjectOutcome | undefined, policy: Deletion['policy']): boolean {
  return outcome === 'gone' || outcome === 'released' || (outcome === 'going' && policy === 'delete');
}

async function releaseObject(record: ObjectRecord, app: string, context: TargetContext): Promise<ObjectOutcome> {
  record.notice = null;
  try {
    const found = isAgentsOwn(record.id, context.agentNamespace) ? null : await findLive(record, context);
    if (found === null) return 'gone';
    const { resource, live } = found;
    const meta = objectMeta(live);
    if (isMarkedFor(app, record.id, meta, context.agentNamespace)) {
      await removeMarks(resource, record.id, meta.uid, context);
    }
    return 'gone';
  } catch (error) {
    if (!(error instanceof KubeError) || error.concernsServer) throw error;
    const message = `our marks could not be removed and will be tried again: ${error.message}`.slice(0, 500);
    record.notice = { reason: 'ReleaseRefused', object: record.key, message };
    return 'refused';
  }
}
