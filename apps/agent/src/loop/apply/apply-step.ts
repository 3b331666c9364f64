import type { Assignment } from '@fairlead/shared/contracts';
import { planObjects } from './apply-plan.ts';
import type { PlannedObject } from './apply-plan.ts';
import { desiredHash } from './apply-object.ts';
import { runApply } from './apply-run.ts';
import { holdingBack } from './retry-state.ts';
import { newRecord } from '../state/object-record.ts';
import type { ObjectRecord } from '../state/object-record.ts';
import type { TargetContext } from '../target-context.ts';
import type { TargetState } from '../state/target-state.ts';

export interface ApplyStepHooks {
  /** Before the first write: what is about to be touched must survive a crash. */
  readonly beforeWrites: () => Promise<void>;
  readonly onApplied: (record: ObjectRecord) => void;
}

export type ApplyOutcome = 'applied' | 'unfinished';

/** Brings a target to its assignment: plan, remember, write what is not written yet. Nothing to write means no request. */
export async function applyStep(
  state: TargetState,
  job: { assignment: Assignment; signal: AbortSignal; hooks: ApplyStepHooks },
  context: TargetContext,
): Promise<ApplyOutcome> {
  const { assignment, signal, hooks } = job;
  const snapshot = await context.source.get(assignment.digest, state.appliedDigest, signal);
  const planned = await planObjects(snapshot, assignment.settings, context);
  const resources = new Set(planned.flatMap(({ resource }) => (resource === null ? [] : [resource])));
  await Promise.all([...resources].map((resource) => context.watches.ensure(resource)));
  signal.throwIfAborted();

  adoptPlan(state, planned, context);
  state.plannedDigest = assignment.digest;
  const records = state.desired();
  if (records.some((record) => record.appliedHash === null)) {
    await hooks.beforeWrites();
    await ensureNamespace(assignment, records, context);
    const reader = await context.snapshots.reader(snapshot);
    try {
      const writable = records.filter((record) => record.failure === null);
      await runApply({ assignment, records: writable, reader, signal, onApplied: hooks.onApplied }, context);
    } finally {
      await reader.close();
    }
  }
  signal.throwIfAborted();
  const unfinished = [...records, ...state.refused].filter(
    (record) => record.appliedHash === null || record.failure !== null,
  );
  return unfinished.length === 0 ? 'applied' : 'unfinished';
}

/** Makes the records describe the planned snapshot; what is not in it stays for the prune. */
function adoptPlan(state: TargetState, planned: readonly PlannedObject[], context: TargetContext): void {
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
  for (const { key, id, source, resource, failure } of planned) {
    const record = state.records.get(key) ?? newRecord(key, id, source.apiVersion);
    record.desired = source;
    record.resource = resource;
    // What cannot help yet is not tried: the object stays failed as it is.
    record.failure = failure ?? holdingBack(record, desiredHash(record));
    // From here on it is not certain what the cluster has, until the write is answered.
    if (record.appliedHash !== desiredHash(record)) record.appliedHash = null;
    const other = context.otherOwner(state.app, key);
    if (other === null) {
      state.records.set(key, record);
      continue;
    }
    record.failure = { reason: 'OwnedByAnother', message: `the object belongs to the app "${other}"`, permanent: true };
    state.refused.push(record);
    state.records.delete(key);
  }
  // What leaves may be gone any time: should it come back, it is applied anew.
  for (const record of state.records.values()) if (record.desired === null) record.appliedHash = null;
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
