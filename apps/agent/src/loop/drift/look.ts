import type { Json, KubeObject } from '@fairlead/manifests';
import { isKubeObject } from '@fairlead/manifests';
import { mergeDeclared } from '../../domain/drift/declared-merge.ts';
import { compareLive, deletedFinding, findUnmanaged } from '../../domain/drift/drift.ts';
import type { DriftFinding } from '../../domain/drift/drift.ts';
import { listShapes } from '../../domain/drift/list-shapes.ts';
import { keepsForeignChanges } from '../../domain/ignore/ignore-rules.ts';
import { isMarkedFor } from '../../domain/marks.ts';
import { KubeError } from '../../kube/kube-error.ts';
import { objectMeta } from '../../kube/object-meta.ts';
import type { ObjectMeta } from '../../kube/object-meta.ts';
import type { Resource } from '../../kube/resource.ts';
import { prepareFor } from '../apply/prepare-for.ts';
import { hasFieldsToTake, takeOverRule } from '../apply/take-over.ts';
import { ignoreRulesOf } from '../ignore-rules-of.ts';
import type { ObjectRecord } from '../state/object-record.ts';
import type { TargetContext } from '../target-context.ts';
import type { DriftJob } from './drift-check.ts';

export interface Sight {
  /** Null: the object is gone. */
  readonly meta: ObjectMeta | null;
  readonly drift: readonly DriftFinding[];
  readonly unmanaged: readonly DriftFinding[];
  /** Every value is right, but others hold fields of ours: a later removal from Git would not remove them. */
  readonly isDisowned: boolean;
  /** Somebody whose fields are to become ours has set some. */
  readonly isClaimable: boolean;
}

const nothing: Sight = { meta: null, drift: [], unmanaged: [], isDisowned: false, isClaimable: false };

const mostReads = 4;

/** What there is to see of an object; null while it is being deleted. One read, and a dry run when it may have been touched. */
export async function lookAt(record: ObjectRecord, job: DriftJob, context: TargetContext): Promise<Sight | null> {
  const { resource, desired, look } = record;
  if (resource === null || desired === null) return null;
  for (let reads = 1; ; reads += 1) {
    look.hasVanished = false;
    const live = await context.kube.get(resource, record.id, job.signal);
    // A finished Job that cleans up after itself is not missed.
    if (live === null && record.memory.vanishes) return null;
    if (live === null || !isKubeObject(live)) return { ...nothing, drift: [deletedFinding()] };
    if (objectMeta(live).deleting) return null;
    const sight = await compare({ record, resource, live, stored: await job.reader.object(desired) }, job, context);
    if (sight !== 'changed meanwhile') return sight;
    if (reads === mostReads) throw new Error('the object changes faster than it can be compared');
  }
}

interface Subject {
  readonly record: ObjectRecord;
  readonly resource: Resource;
  readonly live: KubeObject;
  /** As Git has it. */
  readonly stored: KubeObject;
}

async function compare(subject: Subject, job: DriftJob, context: TargetContext): Promise<Sight | 'changed meanwhile'> {
  const { record, live, stored } = subject;
  const { app, settings } = job.assignment;
  const meta = objectMeta(live);
  // Whoever asked to be left alone is: only the loss of the whole object is told.
  if (keepsForeignChanges(stored) || keepsForeignChanges(live)) return { ...nothing, meta };
  const rules = await ignoreRulesOf(settings, context.log);
  const declared = prepareFor(record, stored, app, context);
  const facts = { live, declared, maskKey: context.maskKey(), ignored: rules.ignoredOf(record.id, live) };
  const isClaimable = hasFieldsToTake(meta, takeOverRule({ object: declared, assignment: job.assignment }));
  const besides = { meta, unmanaged: findUnmanaged(facts), isClaimable };
  if (!mayDiffer(record, meta, app, context)) return { ...nothing, ...besides };
  const predicted = await predict(subject, declared, { job, context });
  // Somebody wrote between the two requests: what differs may be their doing, and right.
  if (objectMeta(predicted).resourceVersion !== meta.resourceVersion) return 'changed meanwhile';
  const { drift, isTolerated } = compareLive({ ...facts, id: record.id, predicted, verifiedAt: record.verifiedAt });
  const isOurs = meta.uid === record.uid && meta.ownedSetHash === record.ownedSetHash;
  return { ...besides, drift, isDisowned: drift.length === 0 && !isTolerated && !isOurs };
}

/** Whether what we know of the object leaves any doubt that our fields are as we left them. */
function mayDiffer(record: ObjectRecord, meta: ObjectMeta, app: string, context: TargetContext): boolean {
  const { look } = record;
  if (look.isThorough || look.seenHash !== null || meta.uid !== record.uid) return true;
  return meta.ownedSetHash !== record.ownedSetHash || !isMarkedFor(app, record.id, meta, context.agentNamespace);
}

const noDryRun = 'DryRunNotSupported';

/** What an apply would give: as the server says, or as well as it can be told without asking. */
async function predict(
  { record, resource, live }: Subject,
  object: KubeObject,
  { job, context }: { job: DriftJob; context: TargetContext },
): Promise<KubeObject> {
  try {
    const predicted: Json = await context.kube.apply(resource, record.id, object, {
      dryRun: true,
      signal: job.signal,
    });
    if (record.notice?.reason === noDryRun) record.notice = null;
    if (isKubeObject(predicted)) return predicted;
    throw new TypeError('the API server answered a dry run with something that is no object');
  } catch (error) {
    if (!(error instanceof KubeError) || error.failure !== 'no-dry-run') throw error;
    record.notice ??= {
      reason: noDryRun,
      object: record.key,
      message: 'a webhook refuses dry runs: only the fields that Git declares are compared, as they are written there',
    };
    return mergeDeclared(live, object, listShapes(live));
  }
}
