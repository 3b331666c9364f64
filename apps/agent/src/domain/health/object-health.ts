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
  /** For people only: the target does not wait for it, and does not fail by it. */
  readonly isAdvisory?: true;
  /** The state changes by time alone: worth another look after so many ms. */
  readonly againInMs?: number;
}

/** What is known about an object beside the object itself. */
export interface HealthFacts {
  /** Wall clock, ms. */
  readonly now: number;
  /** When an apply of ours changed it last, wall clock; null: not lately. */
  readonly appliedAt: number | null;
  /** What its status said when it was changed: a status that still says so is old. Null: every status counts. */
  readonly staleMark: string | null;
  /** Whether the definition of its kind declares status conditions; null: not known. */
  readonly declaresConditions: boolean | null;
}

export const noFacts: HealthFacts = { now: 0, appliedAt: null, staleMark: null, declaresConditions: null };

/** Milliseconds since our last apply that changed the object. */
export function sinceApplied(facts: HealthFacts): number {
  return facts.appliedAt === null ? Number.POSITIVE_INFINITY : Math.max(0, facts.now - facts.appliedAt);
}

export const current: ObjectHealth = { state: 'current', reason: '', message: '' };
export const progressing = (reason: string, message: string): ObjectHealth => ({
  state: 'progressing',
  reason,
  message,
});
export const failed = (reason: string, message: string): ObjectHealth => ({ state: 'failed', reason, message });
export const unknown = (reason: string, message: string): ObjectHealth => ({ state: 'unknown', reason, message });
export const suspended = (message: string): ObjectHealth => ({ state: 'suspended', reason: 'Suspended', message });

export interface Condition {
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  /** Written for an earlier generation of the object: says nothing about this one. */
  readonly isOld: boolean;
}

/** A status condition by type. */
export function condition(object: JsonObject, type: string): Condition | null {
  const conditions = fieldAt(object, ['status', 'conditions']);
  return conditionIn(conditions, type, fieldAt(object, ['metadata', 'generation']));
}

/** A condition by type out of a list of conditions; `generation` is the object's. */
export function conditionIn(
  conditions: Json | undefined,
  type: string,
  generation: Json | undefined,
): Condition | null {
  for (const entry of Array.isArray(conditions) ? conditions : []) {
    if (fieldOf(entry, 'type') !== type) continue;
    const seen = fieldOf(entry, 'observedGeneration');
    return {
      status: text(fieldOf(entry, 'status')),
      reason: text(fieldOf(entry, 'reason')),
      message: text(fieldOf(entry, 'message')),
      isOld: typeof seen === 'number' && typeof generation === 'number' && seen < generation,
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
