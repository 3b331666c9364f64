import type { Assignment } from '@fairlead/shared/contracts';
import type { JsonObject, KubeObject } from '@fairlead/manifests';
import { KubeError } from '../../kube/kube-error.ts';
import type { Resource } from '../../kube/resource.ts';
import { watchesHealth } from '../health/own-rules-of.ts';
import type { ApplyFailure, ObjectRecord } from '../state/object-record.ts';
import type { TargetContext } from '../target-context.ts';

/** One object on its way to the API server. */
export interface ObjectWrite {
  readonly record: ObjectRecord;
  readonly resource: Resource;
  /** What Git says, made ready to be sent. */
  readonly object: KubeObject;
  readonly assignment: Assignment;
  /** The object is put back: somebody else may have made it anew, or written to it. */
  readonly isCorrection: boolean;
  readonly signal: AbortSignal;
}

/** The object is not written, for a reason that is no answer of the API server. */
export class NotWritten extends Error {
  readonly failure: ApplyFailure;

  constructor(failure: ApplyFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** The request itself. Where nothing may be written over others, their fields are named and everything stays as it is. */
export async function sendApply(
  { record, resource, assignment, signal }: ObjectWrite,
  body: KubeObject,
  context: TargetContext,
): Promise<JsonObject> {
  const force = assignment.settings.apply.conflicts === 'force';
  const metaOnly = !watchesHealth(record, assignment.settings.health);
  try {
    return await context.kube.apply(resource, record.id, body, { metaOnly, force, signal });
  } catch (error) {
    const held = error instanceof KubeError ? error.causes.filter(({ type }) => type === 'FieldManagerConflict') : [];
    if (force || held.length === 0) throw error;
    const fields = held.map(({ field, message }) => `${field} (${message})`).join(', ');
    const message = `others hold fields that the app wants to set: ${fields}`;
    throw new NotWritten({ reason: 'Conflict', message: message.slice(0, 2000), permanent: false, retry: 'slow' });
  }
}
