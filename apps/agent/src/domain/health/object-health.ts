import type { Json, JsonObject } from '@fairlead/manifests';
import { fieldAt, fieldOf } from '@fairlead/manifests';

/**
 * State of one object. `current`: as asked for. `failed`: will not get there by waiting. `suspended`: paused on purpose.
 * `missing`: not in the cluster.
 */
export type HealthState = 'current' | 'suspended' | 'progressing' | 'missing' | 'unknown' | 'failed';

export interface ObjectHealth {
  readonly state: HealthState;
  /** Stable word; empty when current. */
  readonly reason: string;
  readonly message: string;
}

export const current: ObjectHealth = { state: 'current', reason: '', message: '' };
export const progressing = (reason: string, message: string): ObjectHealth => ({
  state: 'progressing',
  reason,
  message,
});
export const failed = (reason: string, message: string): ObjectHealth => ({ state: 'failed', reason, message });
export const suspended = (message: string): ObjectHealth => ({ state: 'suspended', reason: 'Suspended', message });

export interface Condition {
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** A status condition by type. */
export function condition(object: JsonObject, type: string): Condition | null {
  const conditions = fieldAt(object, ['status', 'conditions']);
  for (const entry of Array.isArray(conditions) ? conditions : []) {
    if (fieldOf(entry, 'type') !== type) continue;
    return {
      status: text(fieldOf(entry, 'status')),
      reason: text(fieldOf(entry, 'reason')),
      message: text(fieldOf(entry, 'message')),
    };
  }
  return null;
}

/** A whole number at a path, or the fallback when there is none. */
export function count(object: JsonObject, path: readonly string[], fallback: number): number {
  const value = fieldAt(object, path);
  return typeof value === 'number' ? value : fallback;
}

export function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
