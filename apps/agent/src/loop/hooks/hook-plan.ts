import type { HookSpec } from '../../domain/apply/hook.ts';
import type { PlannedObject } from '../apply/apply-plan.ts';

export interface PlannedHook {
  readonly object: PlannedObject;
  readonly spec: HookSpec;
}

/** Tells hooks from the objects that are kept as Git has them. An invalid object is no hook: it is only reported. */
export function planHooks(planned: readonly PlannedObject[]): [PlannedHook[], PlannedObject[]] {
  const hooks: PlannedHook[] = [];
  const objects: PlannedObject[] = [];
  for (const object of planned) {
    const spec = object.source.facts?.hook;
    if (spec !== undefined && object.isValid) hooks.push({ object, spec });
    else objects.push(object);
  }
  return [hooks, objects];
}
