import { current } from '../../domain/health/object-health.ts';
import { reconcileAnnotation } from '../../domain/apply/reconcile-policy.ts';
import { KubeError } from '../../kube/kube-error.ts';
import { objectMeta } from '../../kube/object-meta.ts';
import type { ObjectMeta } from '../../kube/object-meta.ts';
import type { Resource } from '../../kube/resource.ts';
import { policyOf } from '../state/object-record.ts';
import type { ObjectRecord } from '../state/object-record.ts';
import type { TargetContext } from '../target-context.ts';
import { desiredHash } from './apply-object.ts';
import { isNew } from './first-look.ts';

export interface LookJob {
  /** What was seen already, by key; null: nothing is there. What is looked at here is added. */
  readonly seen: Map<string, ObjectMeta | null>;
  readonly signal: AbortSignal;
}

/** Whether Git or the live object wants it left alone; then that is noted, and the object counts as applied. */
export async function isLeftAlone(record: ObjectRecord, job: LookJob, context: TargetContext): Promise<boolean> {
  const { resource } = record;
  if (resource === null) return false;
  try {
    const live = isNew(record) ? await look(record, resource, job, context) : null;
    if (live !== null) noteLivePolicy(record, live);
    if (policyOf(record) === 'disabled') return leave(record, live);
    if (policyOf(record) === 'normal') return false;
    const present = live ?? (await look(record, resource, job, context));
    return present === null ? false : leave(record, present);
  } catch (error) {
    // The write meets the same, and says it of the object.
    if (error instanceof KubeError) return false;
    throw error;
  }
}

/** Takes over what the live object says about being left alone. `ended`: it may be touched again. */
export function noteLivePolicy(record: ObjectRecord, live: Pick<ObjectMeta, 'annotations'>): 'ended' | 'unchanged' {
  const before = policyOf(record);
  record.liveReconcile = live.annotations[reconcileAnnotation] ?? null;
  return before !== 'normal' && policyOf(record) === 'normal' ? 'ended' : 'unchanged';
}

async function look(
  { key, id }: ObjectRecord,
  resource: Resource,
  { seen, signal }: LookJob,
  context: TargetContext,
): Promise<ObjectMeta | null> {
  const known = seen.get(key);
  if (known !== undefined) return known;
  const answer = await context.kube.getMeta(resource, id, signal);
  const live = answer === null ? null : objectMeta(answer);
  seen.set(key, live);
  return live;
}

function leave(record: ObjectRecord, live: ObjectMeta | null): true {
  record.appliedHash = desiredHash(record);
  record.failure = null;
  record.suspect = false;
  record.health = current;
  record.healthDueAt = null;
  if (live !== null) Object.assign(record, { uid: live.uid, resourceVersion: live.resourceVersion });
  return true;
}
