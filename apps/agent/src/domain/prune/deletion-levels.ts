import type { ObjectId } from '@fairlead/manifests';
import { applyStage, compareForApply } from '@fairlead/manifests';
import { isGate, stageOf } from '../apply/order.ts';
import type { Placed } from '../apply/order.ts';
import { isDefinition, isNamespace } from './live-verdict.ts';

const customResourceStage = 4;

/**
 * Groups in the order of deletion; each must be gone before the next one goes. The reverse of the order of application,
 * by wave, kind and dependency, but with definitions right after the custom resources: what serves their conversions and
 * finalizers goes later, and namespaces last.
 */
export function deletionLevels<T extends Placed>(objects: readonly T[]): T[][] {
  const levels: T[][] = [];
  for (const object of [...objects].sort((left, right) => compareForDeletion(left, right))) {
    const last = levels.at(-1);
    if (last?.[0] !== undefined && compareLevels(last[0], object) === 0) last.push(object);
    else levels.push([object]);
  }
  return levels;
}

/** A custom resource whose deletion does not get through may need what comes later: its controller, its conversion webhook. */
export function isCustomResource(id: ObjectId): boolean {
  return applyStage(id) === customResourceStage;
}

function compareForDeletion(left: Placed, right: Placed): number {
  return compareLevels(left, right) || compareForApply(right.id, left.id);
}

function compareLevels(left: Placed, right: Placed): number {
  return right.place.wave - left.place.wave || levelOf(left) - levelOf(right) || right.place.level - left.place.level;
}

function levelOf({ id, place }: Placed): number {
  if (isNamespace(id)) return 10;
  if (isDefinition(id)) return 2;
  // Stages 5 and 4 become levels 0 and 1, 3 to 0 become 3 to 6. What waited for another kind goes with that.
  const stage = isGate(place) ? applyStage(id) : stageOf(place);
  return stage >= customResourceStage ? 5 - stage : 6 - stage;
}
