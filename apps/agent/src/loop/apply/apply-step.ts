import type { Assignment, ObjectFailure } from '@fairlead/shared/contracts';
import type { Snapshot } from '../../hub/snapshot-store.ts';
import { runHooks } from '../hooks/hook-run.ts';
import { planHooks } from '../hooks/hook-plan.ts';
import { newRecord } from '../state/object-record.ts';
import type { ObjectRecord } from '../state/object-record.ts';
import type { TargetState } from '../state/target-state.ts';
import type { TargetContext } from '../target-context.ts';
import { desiredHash } from './apply-object.ts';
import { runPass } from './apply-pass.ts';
import { planObjects } from './apply-plan.ts';
import type { PlannedObject } from './apply-plan.ts';
import { isBlocked } from './failures.ts';
import { holdingBack } from './retry-state.ts';

export interface ApplyStepHooks {
  /** Before the first write: what is about to be touched must survive a crash. */
  readonly beforeWrites: () => Promise<void>;
  readonly onApplied: (record: ObjectRecord) => void;
}

/** `waiting`: nothing failed, but something has to become healthy, or a hook has to end, before the rest goes on. */
export type ApplyOutcome = 'applied' | 'unfinished' | 'waiting';

export interface ApplyStepJob {
  readonly assignment: Assignment;
  readonly signal: AbortSignal;
  readonly hooks: ApplyStepHooks;
}

/** Brings a target to its assignment: plan, remember, write what is not written yet. Nothing to write means no request. */
export async function applyStep(state: TargetState, job: ApplyStepJob, context: TargetContext): Promise<ApplyOutcome> {
  const { assignment, signal } = job;
  const snapshot = await context.source.get(assignment.digest, state.appliedDigest, signal);
  const planned = await planObjects(snapshot, assignment.settings, {
    ...context,
    isOwned: (key) => state.records.has(key),
  });
  state.blockages = [];
  if (planned.some(({ isValid }) => !isValid) && assignment.settings.apply.onInvalid === 'reject') {
    rejectPlan(state, planned);
    return 'unfinished';
  }
  const resources = new Set(planned.flatMap(({ resource }) => (resource === null ? [] : [resource])));
  await Promise.all([...resources].map((resource) => context.watches.ensure(resource)));
  signal.throwIfAborted();

  adoptPlan(state, planned, assignment, context);
  const records = state.desired();
  const before = state.hooks.unfinished('before', assignment);
  if (before || records.some((record) => record.appliedHash === null)) {
    const hooks = await write(state, snapshot, job, context);
    if (hooks !== 'done') return hooks === 'failed' ? 'unfinished' : 'waiting';
  }
  signal.throwIfAborted();
  return outcomeOf([...records, ...state.refused]);
}

async function write(
  state: TargetState,
  snapshot: Snapshot,
  { assignment, signal, hooks }: ApplyStepJob,
  context: TargetContext,
): Promise<'done' | 'running' | 'failed'> {
  const records = state.desired();
  await hooks.beforeWrites();
  await ensureNamespace(assignment, records, context);
  const reader = await context.snapshots.reader(snapshot);
  try {
    const before = await runHooks(state, 'before', { assignment, reader, signal, save: hooks.beforeWrites }, context);
    if (before !== 'done') return before;
    const { refused } = state;
    state.blockages = await runPass(
      { assignment, records, refused, reader, signal, onApplied: hooks.onApplied },
      context,
    );
    return 'done';
  } finally {
    await reader.close();
  }
}

function outcomeOf(records: readonly ObjectRecord[]): ApplyOutcome {
  const unfinished = records.filter((record) => record.appliedHash === null || record.failure !== null);
  if (unfinished.length === 0) return 'applied';
  return unfinished.every(({ failure }) => failure !== null && isBlocked(failure)) ? 'waiting' : 'unfinished';
}

/** Nothing of the snapshot becomes part of the target: it stays what it was, and says why. */
function rejectPlan(state: TargetState, planned: readonly PlannedObject[]): void {
  const failures = planned.flatMap(({ key, isValid, failure }): ObjectFailure[] =>
    isValid || failure === null ? [] : [{ object: key, reason: failure.reason, message: failure.message, pods: null }],
  );
  const message = `nothing was applied, because ${failures.length} objects are not valid`;
  state.problem = { kind: 'bundle', message, permanent: true, failures };
  state.refused = [];
}

/** Makes the records describe the planned snapshot; what is not in it stays for the prune. */
function adoptPlan(
  state: TargetState,
  planned: readonly PlannedObject[],
  assignment: Assignment,
  context: TargetContext,
): void {
  const plannedKeys = new Set(planned.map(({ key }) => key));
  for (const record of state.records.values()) {
    const wasLeaving = record.desired === null;
    record.desired = null;
    record.failure = null;
    record.mayGo &&= !plannedKeys.has(record.key);
    // What was said of it when it left the app is over when it comes back.
    if (wasLeaving && plannedKeys.has(record.key)) record.notice = null;
  }
  state.refused = [];
  if (state.problem?.kind === 'bundle') state.problem = null;
  state.plannedDigest = assignment.digest;
  const [hooks, objects] = planHooks(planned);
  state.hooks.adopt(state, hooks, assignment);
  for (const object of objects) {
    const record = recordOf(object, state.records.get(object.key));
    const other = context.otherOwner(state.app, object.key);
    if (other !== null) {
      const message = `the object belongs to the app "${other}"`;
      record.failure = { reason: 'OwnedByAnother', message, permanent: true };
    }
    const isNew = !state.records.has(object.key);
    // What never was ours and cannot become ours is no part of the inventory.
    if (other === null && (object.isValid || !isNew)) {
      state.records.set(object.key, record);
      continue;
    }
    state.refused.push(record);
    if (other !== null) state.records.delete(object.key);
  }
  // What leaves may be gone any time: should it come back, it is applied anew.
  for (const record of state.records.values()) if (record.desired === null) record.appliedHash = null;
}

function recordOf(object: PlannedObject, known?: ObjectRecord): ObjectRecord {
  const record = known ?? newRecord(object.key, object.id, object.source.apiVersion);
  record.desired = object.source;
  // Nobody could look at it as long as its kind was not known.
  if (record.resource === null && object.resource !== null && record.health.state === 'unknown') record.healthDueAt = 0;
  record.resource = object.resource;
  // What cannot help yet is not tried: the object stays failed as it is.
  record.failure = object.failure ?? holdingBack(record, desiredHash(record));
  record.place = object.place;
  record.waitsFor = object.waitsFor;
  // From here on it is not certain what the cluster has, until the write is answered.
  if (record.appliedHash !== desiredHash(record)) record.appliedHash = null;
  return record;
}

async function ensureNamespace(
  assignment: Assignment,
  records: readonly ObjectRecord[],
  context: TargetContext,
): Promise<void> {
  const { namespace, createNamespace } = assignment.settings;
  if (namespace === null || !createNamespace) return;
  if (records.some(({ id }) => id.kind === 'Namespace' && id.group === '' && id.name === namespace)) return;
  await context.namespaces.ensure(namespace, () => {
    context.assertMayWrite();
  });
}
