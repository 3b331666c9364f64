import type { JsonObject, ObjectId } from '@fairlead/manifests';
import { fieldAt } from '@fairlead/manifests';
import { healthAnnotation, ignored } from './health-annotation.ts';
import { hasKindRule, isPlain, kindHealth } from './kinds/kinds.ts';
import type { HealthFacts, ObjectHealth } from './object-health.ts';
import { condition, current, failed, noFacts, progressing, sinceApplied } from './object-health.ts';

/** A rule of the app's own for one kind. */
export type OwnRule = (object: JsonObject) => ObjectHealth;

type Kind = Pick<ObjectId, 'group' | 'kind'>;

/** A controller that has just been told of an object needs a moment to write its first status. */
const firstStatusMs = 60_000;
// Groups of the API server itself whose other kinds have nothing to wait for.
const serverGroups = /^$|^[a-z]+$|\.k8s\.io$/;

/** Whether the health of this kind can change by itself; other kinds are healthy once they are applied. */
export function hasHealthRule(id: Kind): boolean {
  return hasKindRule(id) || (!serverGroups.test(id.group) && !isPlain(id));
}

/** Kinds whose Pods are looked at when they do not become ready. */
export function runsPods(id: Kind): boolean {
  return id.group === 'apps' || `${id.group}/${id.kind}` === 'batch/Job';
}

/** Whether only the definition of its kind can tell how long to wait for a status. */
export function needsDefinition(id: Kind, object: JsonObject): boolean {
  return !hasKindRule(id) && !serverGroups.test(id.group) && !isPlain(id) && lacksStatus(object);
}

/** Health of a live object, by the first rule that has something to say. */
export function objectHealth(
  id: Kind,
  object: JsonObject,
  facts: HealthFacts = noFacts,
  ownRule: OwnRule | null = null,
): ObjectHealth {
  if (healthAnnotation(object) === ignored) return current;
  if (fieldAt(object, ['metadata', 'deletionTimestamp']) !== undefined)
    return progressing('Terminating', 'the object is being deleted');
  const early = byConvention(object);
  if (early !== null) return early;
  if (ownRule !== null) return withFirstStatus(object, ownRule(object), facts);
  const byKind = kindHealth(id, object, facts);
  if (byKind !== null) return byKind;
  const ready = condition(object, 'Ready');
  if (ready?.isOld === true) return progressing('NotObserved', 'the condition Ready is about an earlier version');
  if (ready !== null && ready.status !== 'True') return progressing(ready.reason || 'NotReady', ready.message);
  return needsDefinition(id, object) ? withoutStatus(facts) : current;
}

/** What every controller says in the same way: which generation it has seen, and that it works or is stuck. */
function byConvention(object: JsonObject): ObjectHealth | null {
  const observed = fieldAt(object, ['status', 'observedGeneration']);
  if (typeof observed === 'number' && observed !== fieldAt(object, ['metadata', 'generation'])) {
    return progressing('NotObserved', 'its controller has not seen the newest version');
  }
  const reconciling = condition(object, 'Reconciling');
  if (reconciling?.status === 'True' && !reconciling.isOld)
    return progressing(reconciling.reason || 'Reconciling', reconciling.message);
  const stalled = condition(object, 'Stalled');
  if (stalled?.status === 'True' && !stalled.isOld) return failed(stalled.reason || 'Stalled', stalled.message);
  return null;
}

function withoutStatus(facts: HealthFacts): ObjectHealth {
  if (facts.declaresConditions === false) return current;
  const leftMs = firstStatusMs - sinceApplied(facts);
  if (leftMs <= 0) return current;
  return { ...progressing('NoStatus', 'its controller has written no status yet'), againInMs: leftMs };
}

/** Expressions over fields of a status that is not there yet are no errors for a while. */
function withFirstStatus(object: JsonObject, health: ObjectHealth, facts: HealthFacts): ObjectHealth {
  return health.state === 'unknown' && lacksStatus(object) && sinceApplied(facts) < firstStatusMs
    ? withoutStatus({ ...facts, declaresConditions: null })
    : health;
}

function lacksStatus(object: JsonObject): boolean {
  const status = fieldAt(object, ['status']);
  return status === undefined || status === null || (typeof status === 'object' && Object.keys(status).length === 0);
}
