import { fieldAt } from '@fairlead/manifests';
import { reconcileAnnotation } from '../../domain/apply/reconcile-policy.ts';
import { isTaken, migrateVersionPatch, takeOverPatch } from '../../domain/managed-fields/take-over.ts';
import type { PatchStep, TakeOverRule } from '../../domain/managed-fields/take-over.ts';
import { KubeError } from '../../kube/kube-error.ts';
import { fieldManager } from '../../kube/object-meta.ts';
import type { ObjectMeta } from '../../kube/object-meta.ts';
import type { TargetContext } from '../target-context.ts';
import type { ObjectWrite } from './object-write.ts';

const tries = 5;

/** Whose fields pass to us on this object; null when it keeps those of others (`fairlead.dev/reconcile: merge`). */
export function takeOverRule({ object, assignment }: Pick<ObjectWrite, 'object' | 'assignment'>): TakeOverRule | null {
  if (fieldAt(object, ['metadata', 'annotations', reconcileAnnotation]) === 'merge') return null;
  const { takeOver, conflicts } = assignment.settings.apply;
  // Where nothing may be written over somebody's fields, only who is named gives them up.
  return { ourManager: fieldManager, wanted: takeOver, clientSide: conflicts === 'force' };
}

/** Whether somebody's fields on the object are to become ours. */
export function hasFieldsToTake({ managers }: Pick<ObjectMeta, 'managers'>, rule: TakeOverRule | null): boolean {
  return rule !== null && managers.some((entry) => isTaken(entry, rule));
}

/** Makes the fields of those managers ours. Whoever writes in between is not lost: then it is read again. */
export async function takeOver(write: ObjectWrite, rule: TakeOverRule, context: TargetContext): Promise<void> {
  const isDone = await patchFields(write, context, (live) => takeOverPatch(live, rule));
  if (isDone) context.log.info('fields of other managers were taken over', { object: write.record.key });
}

/** Makes what others hold of an older version one of the version that is applied. False: there is nothing of the kind. */
export function migrateVersion(write: ObjectWrite, context: TargetContext): Promise<boolean> {
  return patchFields(write, context, (live) => migrateVersionPatch(live, write.object.apiVersion));
}

async function patchFields(
  { record, resource, signal }: ObjectWrite,
  context: TargetContext,
  patchOf: (live: NonNullable<Awaited<ReturnType<TargetContext['kube']['getMeta']>>>) => PatchStep[] | null,
): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    const live = await context.kube.getMeta(resource, record.id, signal);
    const patch = live === null ? null : patchOf(live);
    if (patch === null) return false;
    context.assertMayWrite();
    try {
      await context.kube.patch(
        resource,
        record.id,
        patch.map((step) => ({ ...step })),
      );
      return true;
    } catch (error) {
      if (!(error instanceof KubeError) || error.failure !== 'conflict' || attempt === tries) throw error;
    }
  }
}
