import type { Assignment } from '@fairlead/shared/contracts';
import { CodedError } from '@fairlead/shared/kernel';
import { objectHealth } from '../../domain/health/rules.ts';
import type { SnapshotReader } from '../../hub/snapshot-store.ts';
import { pause } from '../../kube/pause.ts';
import { applyObject, desiredHash } from './apply-object.ts';
import { applyGroups } from './apply-plan.ts';
import { lookAtNew } from './first-look.ts';
import { withRights } from './rights-check.ts';
import { eachLimited } from '../each-limited.ts';
import type { ObjectRecord } from '../state/object-record.ts';
import type { TargetContext } from '../target-context.ts';

const applyConcurrency = 16;
const definitionWaitMs = 30_000;

export interface ApplyJob {
  readonly assignment: Assignment;
  readonly records: readonly ObjectRecord[];
  readonly reader: SnapshotReader;
  readonly signal: AbortSignal;
  /** Called after an object was written. */
  readonly onApplied: (record: ObjectRecord) => void;
}

/**
 * Applies what is not applied yet, stage by stage. Objects fail one by one and the others go on; a stage whose gate
 * objects failed is the last one. Throws only when the server cannot be reached or the run is cancelled.
 */
export async function runApply(job: ApplyJob, context: TargetContext): Promise<void> {
  for (const { stage, objects } of applyGroups(job.records)) {
    const due = await withRights(
      objects.filter((record) => record.appliedHash !== desiredHash(record)),
      context.kube,
    );
    const firstLook = await lookAtNew(due, context, job.signal);
    await eachLimited(due, applyConcurrency, async (record) => {
      job.signal.throwIfAborted();
      await applyObject(record, { ...job, firstLook }, context);
    });
    if (stage !== 0) continue;
    await eachLimited(due, applyConcurrency, (record) => definitionReady(record, job, context));
    if (objects.some((record) => record.failure !== null)) return;
  }
}

/** Waits until a new definition serves its kinds: objects of the next stages need them. */
async function definitionReady(record: ObjectRecord, job: ApplyJob, context: TargetContext): Promise<void> {
  const { resource, desired } = record;
  if (record.id.kind !== 'CustomResourceDefinition' || resource === null || desired === null || record.failure !== null)
    return;
  const deadline = performance.now() + definitionWaitMs;
  for (let waitMs = 50; ; waitMs = Math.min(2_000, waitMs * 1.5)) {
    const live = await context.kube.get(resource, record.id, job.signal);
    if (live !== null) record.health = objectHealth(record.id, live);
    if (record.health.state === 'current') break;
    if (record.health.state === 'failed' || performance.now() > deadline) {
      record.failure = {
        reason: 'NotEstablished',
        message: record.health.message || 'the definition was not established',
        permanent: record.health.state === 'failed',
      };
      return;
    }
    await pause(waitMs, job.signal);
  }
  const users = job.records.filter(
    (user) =>
      user.id.group !== '' && user.resource !== null && record.id.name === `${user.resource.plural}.${user.id.group}`,
  );
  for (let waitMs = 50; ; waitMs = Math.min(2_000, waitMs * 1.5)) {
    if (await allServed(users, context)) return;
    if (performance.now() > deadline) {
      record.failure = { reason: 'NotServed', message: 'the kinds of the definition are not served', permanent: false };
      return;
    }
    await pause(waitMs, job.signal);
  }
}

async function allServed(users: readonly ObjectRecord[], context: TargetContext): Promise<boolean> {
  const kindsByVersion = new Map<string, Set<string>>();
  for (const { apiVersion, id } of users)
    kindsByVersion.set(apiVersion, (kindsByVersion.get(apiVersion) ?? new Set()).add(id.kind));
  for (const [apiVersion, kinds] of kindsByVersion) {
    let served = await context.kube.discover(apiVersion);
    if (![...kinds].every((kind) => served.has(kind))) served = await context.kube.discover(apiVersion, true);
    if (![...kinds].every((kind) => served.has(kind))) return false;
  }
  return true;
}

export class LeaseLost extends CodedError {
  constructor() {
    super({ code: 'agent.lease-lost', kind: 'unavailable' }, 'another agent may be at work: nothing is written');
  }
}
