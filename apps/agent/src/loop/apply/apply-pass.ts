import type { Assignment } from '@fairlead/shared/contracts';
import { groupsInOrder, isGate } from '../../domain/apply/order.ts';
import type { SnapshotReader } from '../../hub/snapshot-store.ts';
import { eachLimited } from '../each-limited.ts';
import type { ObjectRecord } from '../state/object-record.ts';
import type { TargetContext } from '../target-context.ts';
import { applyObject, desiredHash } from './apply-object.ts';
import { Blocking } from './blocking.ts';
import type { Blockage } from './blocking.ts';
import { definitionReady } from './definition-gate.ts';
import { lookAtNew } from './first-look.ts';
import { skippedBecauseOf } from './failures.ts';
import { isLeftAlone } from './left-alone.ts';
import { withRights } from './rights-check.ts';

const applyConcurrency = 16;

export interface ApplyJob {
  readonly assignment: Assignment;
  readonly records: readonly ObjectRecord[];
  /** Objects of the release that never are written. */
  readonly refused: readonly ObjectRecord[];
  readonly reader: SnapshotReader;
  readonly signal: AbortSignal;
  /** Called after an object was written. */
  readonly onApplied: (record: ObjectRecord) => void;
}

/**
 * Goes once through all objects in their order and applies what is not applied yet and may be. Objects fail one by one and
 * the others go on; when a namespace or a definition failed, nothing that comes later is begun. Gives what objects wait
 * for. Throws only when the server cannot be reached or the run is cancelled.
 */
export async function runPass(job: ApplyJob, context: TargetContext): Promise<readonly Blockage[]> {
  const blocking = new Blocking([...job.records, ...job.refused]);
  let failedGates: string[] = [];
  for (const group of groupsInOrder(job.records)) {
    const open = group.filter((record) => record.failure === null && record.appliedHash !== desiredHash(record));
    if (failedGates.length > 0) {
      for (const record of open) record.failure = skippedBecauseOf(failedGates);
      continue;
    }
    const due = await withRights(
      open.filter((record) => blocking.mayWrite(record)),
      context.kube,
    );
    const seen = new Map(await lookAtNew(due, context, job.signal));
    await eachLimited(due, applyConcurrency, async (record) => {
      job.signal.throwIfAborted();
      const isSkipped = await isLeftAlone(record, { seen, signal: job.signal }, context);
      if (!isSkipped) await applyObject(record, { ...job, firstLook: seen }, context);
    });
    if (group[0] === undefined || !isGate(group[0].place)) continue;
    await eachLimited(due, applyConcurrency, (record) => gateOpens(record, job, context));
    failedGates = due.filter((record) => record.failure !== null).map(({ key }) => key);
  }
  reopenNamespaces(job.records);
  return blocking.found;
}

/** A namespace that its content does not find has to be made again, also when it was applied before. */
function reopenNamespaces(records: readonly ObjectRecord[]): void {
  const missed = records.filter(
    ({ failure }) => failure !== null && /^Namespace(Missing|Terminating)$/.test(failure.reason),
  );
  const names = new Set(missed.map(({ id }) => id.namespace));
  for (const record of records) {
    const { group, kind, name } = record.id;
    if (group === '' && kind === 'Namespace' && names.has(name)) record.appliedHash = null;
  }
}

/** A definition has to be served, and a namespace must not be on its way out. */
async function gateOpens(record: ObjectRecord, job: ApplyJob, context: TargetContext): Promise<void> {
  if (record.failure === null && record.health.reason === 'Terminating') {
    const message = `${record.id.kind} ${record.id.name} is being deleted; it is applied again when it is gone`;
    record.failure = { reason: 'Terminating', message, permanent: false };
    record.appliedHash = null;
  }
  await definitionReady(record, job, context);
}
