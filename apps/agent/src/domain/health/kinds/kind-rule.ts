import type { Json, JsonObject } from '@fairlead/manifests';
import { fieldAt } from '@fairlead/manifests';
import type { HealthFacts, ObjectHealth } from '../object-health.ts';
import { condition, current, failed, progressing, sinceApplied, suspended, text } from '../object-health.ts';

/** Something that a status may say. */
export type Sign =
  | { readonly condition: string; readonly is: string; readonly reasons: readonly string[] }
  /** Without `values`: the field is there and not empty. `message`: the field that explains it. */
  | { readonly field: readonly string[]; readonly values: readonly Json[]; readonly message: readonly string[] };

/** Health of kinds by signs, asked in the order suspended, progressing, failed, current. */
export interface KindRule {
  /** `group/Kind`; a group may begin with `*.`, and a kind may be `*`. */
  readonly kinds: readonly string[];
  readonly suspended?: readonly Sign[];
  readonly progressing?: readonly Sign[];
  readonly failed?: readonly Sign[];
  /** All of them together. */
  readonly current?: readonly Sign[];
  /** When no sign is there; `progressing` unless said. */
  readonly otherwise?: 'progressing' | 'current';
  /** Fields whose change shows that the controller has looked since the apply, where no generation does. */
  readonly mark?: readonly (readonly string[])[];
  /** Failures count as such only so long after an apply: the controller tries again by itself. */
  readonly failedGraceMs?: number;
  /** Where a controller that cannot work says nothing: progressing for longer than this is failed. */
  readonly deadlineMs?: number;
  /** The controller writes more than once: current only so long after an apply. */
  readonly settleMs?: number;
}

/** A condition of this type has this status, and one of these reasons if any are named. */
export function when(type: string, is: string, ...reasons: string[]): Sign {
  return { condition: type, is, reasons };
}

/** A field, as `status.phase`, has one of these values; without any, it is there and not empty. */
export function at(path: string, ...values: Json[]): Sign {
  return { field: path.split('.'), values, message: [] };
}

/** Like `at`, explained by another field. */
export function atWith(path: string, message: string, ...values: Json[]): Sign {
  return { field: path.split('.'), values, message: message.split('.') };
}

/** Health of an object by the rule of its kind. */
export function judge(rule: KindRule, object: JsonObject, facts: HealthFacts): ObjectHealth {
  return withinTime(rule, bySigns(rule, object, facts), facts);
}

/** What the status says about when it was written; an object without any says nothing. */
export function statusMark(rule: Pick<KindRule, 'mark'>, object: JsonObject): string {
  return (rule.mark ?? []).map((path) => JSON.stringify(fieldAt(object, path) ?? null)).join(' ');
}

/** Applies the times of a rule to what the status says. */
export function withinTime(rule: KindRule, health: ObjectHealth, facts: HealthFacts): ObjectHealth {
  const age = sinceApplied(facts);
  if (health.state === 'failed' && age < (rule.failedGraceMs ?? 0))
    return { ...progressing(health.reason, health.message), againInMs: (rule.failedGraceMs ?? 0) - age };
  if (health.state === 'current' && age < (rule.settleMs ?? 0))
    return { ...progressing('Settling', 'its controller may write again'), againInMs: (rule.settleMs ?? 0) - age };
  if (health.state !== 'progressing' || rule.deadlineMs === undefined) return health;
  if (age < rule.deadlineMs) return { ...health, againInMs: rule.deadlineMs - age };
  const seconds = rule.deadlineMs / 1000;
  return failed('DeadlineExceeded', `nothing better for ${seconds} s since the apply: ${health.message}`);
}

function bySigns(rule: KindRule, object: JsonObject, facts: HealthFacts): ObjectHealth {
  const pause = find(rule.suspended, object);
  if (pause !== null) return suspended(pause.message || 'paused on purpose');
  if (rule.mark !== undefined && facts.staleMark !== null && statusMark(rule, object) === facts.staleMark)
    return progressing('NotObserved', 'its controller has written nothing since the apply');
  const motion = find(rule.progressing, object);
  if (motion !== null) return progressing(motion.reason, motion.message);
  const failure = find(rule.failed, object);
  if (failure !== null) return failed(failure.reason, failure.message);
  const signs = rule.current ?? [];
  const missing = signs.find((sign) => shows(sign, object) === null);
  if (signs.length > 0 && missing === undefined) return current;
  if (rule.otherwise === 'current') return current;
  return missing === undefined ? progressing('NotReady', 'not ready yet') : notYet(missing, object);
}

function notYet(sign: Sign, object: JsonObject): ObjectHealth {
  if ('field' in sign) {
    const value = fieldAt(object, sign.field);
    const says = typeof value === 'string' && value !== '' ? `is ${value}` : 'is not there yet';
    return progressing('NotReady', `${sign.field.join('.')} ${says}`);
  }
  const found = condition(object, sign.condition);
  if (found === null) return progressing('NotReady', `the condition ${sign.condition} is not there yet`);
  if (found.isOld) return progressing('NotObserved', `the condition ${sign.condition} is about an earlier version`);
  return progressing(found.reason || `Not${sign.condition}`, found.message || `${sign.condition} is ${found.status}`);
}

interface Shown {
  readonly reason: string;
  readonly message: string;
}

function find(signs: readonly Sign[] | undefined, object: JsonObject): Shown | null {
  for (const sign of signs ?? []) {
    const shown = shows(sign, object);
    if (shown !== null) return shown;
  }
  return null;
}

function shows(sign: Sign, object: JsonObject): Shown | null {
  if ('field' in sign) return fieldShows(sign, object);
  const found = condition(object, sign.condition);
  if (found === null || found.isOld || found.status !== sign.is) return null;
  if (sign.reasons.length > 0 && !sign.reasons.includes(found.reason)) return null;
  return {
    reason: found.reason || `${sign.condition}${found.status === 'True' ? '' : found.status}`,
    message: found.message || `${sign.condition} is ${found.status}`,
  };
}

function fieldShows(sign: Extract<Sign, { field: readonly string[] }>, object: JsonObject): Shown | null {
  const value = fieldAt(object, sign.field);
  if (sign.values.length === 0 ? isEmpty(value) : !sign.values.some((each) => each === value)) return null;
  const name = sign.field.at(-1) ?? '';
  const word = typeof value === 'string' && /^[A-Za-z]{1,60}$/.test(value) ? value : name;
  const detail = sign.message.length === 0 ? '' : text(fieldAt(object, sign.message));
  const says = typeof value === 'string' ? `${name} is ${value}` : `${name} says so`;
  return { reason: word.charAt(0).toUpperCase() + word.slice(1), message: detail || says };
}

function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '' || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
