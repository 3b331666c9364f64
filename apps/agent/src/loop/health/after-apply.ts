import type { JsonObject } from '@fairlead/manifests';
import { fieldAt } from '@fairlead/manifests';
import { isMarkedKind, markOf } from '../../domain/health/kinds/kinds.ts';
import { current } from '../../domain/health/object-health.ts';
import type { ObjectHealth } from '../../domain/health/object-health.ts';
import { needsDefinition, objectHealth } from '../../domain/health/rules.ts';
import type { ObjectRecord } from '../state/object-record.ts';
import type { TargetContext } from '../target-context.ts';
import { healthFacts } from './health-memory.ts';
import { ownRulesOf, watchesHealth } from './own-rules-of.ts';
import type { TargetSettings } from '@fairlead/shared/contracts';

/**
 * The generation of an object before it is applied, for kinds whose status does not say which one it is about. Null when
 * there is no object, or when it does not matter.
 */
export async function generationBefore(
  record: ObjectRecord,
  { kube }: Pick<TargetContext, 'kube'>,
  signal: AbortSignal,
): Promise<number | null> {
  if (!isMarkedKind(record.id) || record.resource === null) return null;
  const generation = fieldAt((await kube.get(record.resource, record.id, signal)) ?? {}, ['metadata', 'generation']);
  return typeof generation === 'number' ? generation : null;
}

export interface Applied {
  readonly desired: JsonObject;
  /** What the server answered: the object with the status it had when it was written. */
  readonly answer: JsonObject;
  readonly generationBefore: number | null;
}

/** Remembers what an apply means for the health of the object; called before its health is judged. */
export function rememberApply(record: ObjectRecord, applied: Applied): void {
  const { memory, id } = record;
  const version = fieldAt(applied.answer, ['metadata', 'resourceVersion']);
  if (version !== record.resourceVersion) memory.appliedAt = Date.now();
  memory.failedReads = 0;
  memory.vanishes =
    id.kind === 'Job' && typeof fieldAt(applied.desired, ['spec', 'ttlSecondsAfterFinished']) === 'number';
  const mark = markOf(id, applied.answer);
  const generation = fieldAt(applied.answer, ['metadata', 'generation']);
  // The answer was written before any controller could see the new generation: what its status says is about the old one.
  if (mark !== null && generation !== applied.generationBefore) memory.staleMark = mark;
}

// Controllers answer at once or not for long.
const soonMs = 100;

/** Health by a live object. */
export async function judgeLive(
  record: ObjectRecord,
  live: JsonObject,
  { health }: Pick<TargetSettings, 'health'>,
  { definitions }: Pick<TargetContext, 'definitions'>,
): Promise<ObjectHealth> {
  const rules = await ownRulesOf(health);
  const ownRule = rules.find(record.apiVersion, record.id.kind);
  const asksDefinition = ownRule === null && record.resource !== null && needsDefinition(record.id, live);
  const declares =
    asksDefinition && record.resource !== null ? await definitions.declaresConditions(record.resource) : null;
  return objectHealth(record.id, live, healthFacts(record, declares), ownRule);
}

/** Health by the answer of an apply, and when to look again. */
export async function healthAfterApply(
  record: ObjectRecord,
  answer: JsonObject,
  settings: Pick<TargetSettings, 'health'>,
  context: Pick<TargetContext, 'definitions'>,
): Promise<ObjectHealth> {
  const isWatched = watchesHealth(record, settings.health);
  const health = isWatched ? await judgeLive(record, answer, settings, context) : current;
  record.healthDueAt = health.state === 'current' ? null : performance.now() + soonMs;
  return health;
}
