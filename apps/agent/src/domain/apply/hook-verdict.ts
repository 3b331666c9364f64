import type { JsonObject, ObjectId } from '@fairlead/manifests';
import { fieldAt } from '@fairlead/manifests';
import type { ObjectHealth } from '../health/object-health.ts';

/** Whether a hook has done its work, by its object and by the health of that. Null: it is still at it. */
export function hookVerdict(
  id: ObjectId,
  live: JsonObject | null,
  health: ObjectHealth,
): 'succeeded' | 'failed' | null {
  if (health.state === 'failed') return 'failed';
  // A Pod that is ready still runs.
  const isPod = id.group === '' && id.kind === 'Pod';
  if (isPod && fieldAt(live ?? {}, ['status', 'phase']) !== 'Succeeded') return null;
  return health.state === 'current' ? 'succeeded' : null;
}

/** Whether an object that is gone was removed by the cluster because it had ended, as its manifest asks. */
export function endsByItself(manifest: JsonObject): boolean {
  return fieldAt(manifest, ['spec', 'ttlSecondsAfterFinished']) !== undefined;
}
