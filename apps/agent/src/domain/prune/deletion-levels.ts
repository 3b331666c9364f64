import type { ObjectId } from '@fairlead/manifests';
import { applyStage, compareForApply } from '@fairlead/manifests';
import { isDefinition, isNamespace } from './live-verdict.ts';

const customResourceStage = 4;

/**
 * Groups in the order of deletion; each must be gone before the next one goes. The reverse of the order of application,
 * but with definitions right after the custom resources: what serves their conversions and finalizers goes later, and
 * namespaces last.
 */
export function deletionLevels<T extends { readonly id: ObjectId }>(objects: readonly T[]): T[][] {
  const levels = new Map<number, T[]>();
  for (const object of [...objects].sort((left, right) => compareForApply(right.id, left.id))) {
    const level = levelOf(object.id);
    levels.set(level, [...(levels.get(level) ?? []), object]);
  }
  return [...levels.entries()].sort(([left], [right]) => left - right).map(([, level]) => level);
}

/** A custom resource whose deletion does not get through may need what comes later: its controller, its conversion webhook. */
export function isCustomResource(id: ObjectId): boolean {
  return applyStage(id) === customResourceStage;
}

function levelOf(id: ObjectId): number {
  if (isNamespace(id)) return 10;
  if (isDefinition(id)) return 2;
  // Stages 5 and 4 become levels 0 and 1, 3 to 0 become 3 to 6.
  const stage = applyStage(id);
  return stage >= customResourceStage ? 5 - stage : 6 - stage;
}
