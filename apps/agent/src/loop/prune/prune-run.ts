import type { Assignment } from '@fairlead/shared/contracts';
import { formatObjectId } from '@fairlead/manifests';
import { planPrune } from '../../domain/prune/prune-plan.ts';
import type { ObjectRecord } from '../state/object-record.ts';
import type { TargetState } from '../state/target-state.ts';
import type { TargetContext } from '../target-context.ts';
import { deleteInLevels } from './delete-in-levels.ts';
import { pruneObject } from './prune-object.ts';

export interface PruneJob {
  readonly assignment: Assignment;
  readonly signal: AbortSignal;
  /** Before the first deletion: what may go must survive a crash. */
  readonly beforeDeletes: () => Promise<void>;
}

/** `soon`: deletions are under way or were refused. `later`: something stays for now. */
export type PruneAgain = 'soon' | 'later' | null;

/**
 * Deletes what left the app, as far as the guards allow, and forgets what is gone. Called only when everything the app has
 * now is applied and healthy.
 */
export async function runPrune(state: TargetState, job: PruneJob, context: TargetContext): Promise<PruneAgain> {
  const { settings, confirmedPrune } = job.assignment;
  state.pruneHold = null;
  if (!settings.prune.enabled) return null;
  const records = [...state.records.values()];
  const staying = records.filter((record) => record.desired !== null);
  // What was allowed to go stays so: a set that is half deleted is another set, and nobody should have to agree to it twice.
  const { allowed, held } = planPrune({
    inventory: records.filter((record) => !record.mayGo).map((record) => record.id),
    desired: staying.map((record) => record.id),
    settings: settings.prune,
    confirmedHash: confirmedPrune,
    rebuilt: state.rebuilt,
  });
  state.pruneHold = held;
  if (held === null) state.rebuilt = false;
  for (const id of allowed) {
    const record = state.records.get(formatObjectId(id));
    if (record !== undefined) record.mayGo = true;
  }
  const leaving = records.filter((record) => record.desired === null && record.mayGo);
  if (leaving.length === 0) return null;
  await job.beforeDeletes();
  const facts = {
    app: state.app,
    agentNamespace: context.agentNamespace,
    appliedUids: new Set(staying.map((record) => record.uid)),
    usedNamespaces: new Set([settings.namespace ?? '', ...staying.map((record) => record.id.namespace)]),
    settings: settings.prune,
    appGoes: false,
  };
  const outcomes = await deleteInLevels(leaving, job.signal, async (record) => {
    const outcome = await pruneObject(record, facts, context);
    if (outcome === 'gone' || outcome === 'released') forget(record, state);
    return outcome;
  });
  const seen = new Set(outcomes.values());
  const isUnfinished = seen.has('going') || seen.has('refused') || seen.has('unknown');
  if (isUnfinished || outcomes.size < leaving.length) return 'soon';
  return seen.has('kept') ? 'later' : null;
}

function forget(record: ObjectRecord, state: TargetState): void {
  if (record.notice !== null) state.parted.push(record.notice);
  state.records.delete(record.key);
}
