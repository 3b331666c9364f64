import type { TargetSettings } from '@fairlead/shared/contracts';
import type { ObjectRecord } from '../state/object-record.ts';
import type { TargetState } from '../state/target-state.ts';

/** Objects that have to be looked at because an app counts other things as drift than before, or may correct them now. */
export function suspectsOfSettings(state: TargetState, next: TargetSettings): ObjectRecord[] {
  const { assignment } = state;
  if (assignment === null || next.driftMode === 'off') return [];
  const { settings: last, mode } = assignment;
  if (last.driftMode === 'off') return state.desired();
  const isSame =
    last.driftMode === next.driftMode &&
    mode === 'reconcile' &&
    JSON.stringify([last.ignore, last.apply]) === JSON.stringify([next.ignore, next.apply]);
  // What is left alone so far is known to differ, or to be held by others.
  return isSame ? [] : state.desired().filter(({ drift, look }) => drift.size > 0 || look.seenHash !== null);
}
