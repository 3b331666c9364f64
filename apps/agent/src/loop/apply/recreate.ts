import type { JsonObject } from '@fairlead/manifests';
import { fieldAt } from '@fairlead/manifests';
import { probeOf } from '../../domain/apply/recreate.ts';
import { KubeError } from '../../kube/kube-error.ts';
import { objectMeta } from '../../kube/object-meta.ts';
import { pause } from '../../kube/pause.ts';
import type { TargetContext } from '../target-context.ts';
import { NotWritten, sendApply } from './object-write.ts';
import type { ObjectWrite } from './object-write.ts';

const goneWithinMs = 20_000;

/**
 * Deletes an object and makes it anew, for a change that cannot be made in place. Asks first whether the new one would be
 * accepted. When this is interrupted the object is missing and still in the inventory: the next run creates it.
 */
export async function recreate(write: ObjectWrite, context: TargetContext): Promise<JsonObject> {
  const { record, resource, object, signal } = write;
  const live = await context.kube.getMeta(resource, record.id, signal);
  if (live !== null) {
    const { uid, deleting } = objectMeta(live);
    if (!deleting) {
      await probe(write, context);
      context.assertMayWrite();
      context.log.info('an object is deleted to be made anew', { object: record.key });
      await context.kube.delete(resource, record.id, { uid, propagation: 'background' });
    }
    await untilGone(write, uid, context);
  }
  context.assertMayWrite();
  return sendApply(write, object, context);
}

async function probe({ record, resource, object }: ObjectWrite, context: TargetContext): Promise<void> {
  try {
    await context.kube.create(resource, record.id.namespace, probeOf(object), { dryRun: true });
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    // The name is the only thing that is not the object's own.
    if (error.causes.length > 0 && error.causes.every(({ field }) => field === 'metadata.name')) return;
    if (error.failure !== 'no-dry-run') throw error;
    throw new NotWritten({
      reason: 'ImmutableFieldChanged',
      message:
        'the object is not made anew: a webhook allows no dry run, so nobody can tell whether the new one is valid',
      permanent: true,
    });
  }
}

async function untilGone(
  { record, resource, signal }: ObjectWrite,
  uid: string,
  context: TargetContext,
): Promise<void> {
  const deadline = performance.now() + goneWithinMs;
  for (let waitMs = 50; ; waitMs = Math.min(2_000, waitMs * 1.5)) {
    const live = await context.kube.getMeta(resource, record.id, signal);
    if (live === null || objectMeta(live).uid !== uid) return;
    if (performance.now() > deadline) {
      const finalizers = fieldAt(live, ['metadata', 'finalizers']);
      const waitsFor = Array.isArray(finalizers) ? ` and waits for ${finalizers.join(', ')}` : '';
      throw new NotWritten({
        reason: 'BeingDeleted',
        message: `the object is being deleted to be made anew${waitsFor}`,
        permanent: false,
      });
    }
    await pause(waitMs, signal);
  }
}
