import type { JsonObject } from '@fairlead/manifests';
import { fieldAt, fieldOf, isJsonObject } from '@fairlead/manifests';
import { failed } from '../../domain/health/object-health.ts';
import { hasHealthRule, objectHealth, runsPods } from '../../domain/health/rules.ts';
import type { PodTrouble } from '../../domain/health/workloads.ts';
import { podTrouble } from '../../domain/health/workloads.ts';
import type { Resource } from '../../kube/resource.ts';
import { eachLimited } from '../each-limited.ts';
import type { ObjectRecord } from '../state/object-record.ts';
import type { TargetContext } from '../target-context.ts';

const pods: Resource = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true };
const podsLookedAt = 50;
const readsAtOnce = 4;
const settleMs = 100;
const recheckMs = { first: 1_000, most: 10_000 };

/** Asks for a look at an object soon; events that come in between are covered by the same look. */
export function healthIsDue(record: ObjectRecord, now: number): number | null {
  if (!hasHealthRule(record.id)) return null;
  if (record.healthDueAt !== null && record.healthDueAt <= now + settleMs) return null;
  record.healthDueAt = now + settleMs;
  return settleMs;
}

/** Looks at the objects that are due. Gives when the next look is due, in ms from now. */
export async function checkHealth(records: Iterable<ObjectRecord>, context: TargetContext): Promise<number | null> {
  const now = performance.now();
  const due = [...records].filter((record) => record.healthDueAt !== null && record.healthDueAt <= now + 5);
  await eachLimited(due, readsAtOnce, (record) => checkObject(record, context));
  let next: number | null = null;
  for (const record of records) {
    if (record.healthDueAt === null) continue;
    const waitMs = Math.max(0, record.healthDueAt - performance.now());
    next = next === null ? waitMs : Math.min(next, waitMs);
  }
  return next;
}

async function checkObject(record: ObjectRecord, context: TargetContext): Promise<void> {
  record.healthDueAt = null;
  if (record.resource === null || record.appliedHash === null) return;
  const live = await context.kube.get(record.resource, record.id);
  if (live === null) {
    record.health = { state: 'missing', reason: 'Missing', message: 'the object is not in the cluster' };
    record.suspect = true;
    return;
  }
  record.health = objectHealth(record.id, live);
  if (record.health.state !== 'progressing' && record.health.state !== 'failed') {
    record.troubleSince = null;
    return;
  }
  const trouble = runsPods(record.id) ? await findTrouble(record, live, context) : null;
  const now = performance.now();
  if (trouble === null) record.troubleSince = null;
  else {
    record.troubleSince ??= now;
    const stuckForMs = now - record.troubleSince;
    const message = `${record.health.message}, ${trouble.message}`;
    record.health =
      record.health.state === 'failed' || stuckForMs >= context.stuckGraceMs
        ? failed(trouble.reason, message)
        : { state: 'progressing', reason: trouble.reason, message };
  }
  // Pods may get into trouble without any change of the workload that owns them.
  const ageMs = record.troubleSince === null ? 0 : now - record.troubleSince;
  if (runsPods(record.id)) record.healthDueAt = now + Math.min(recheckMs.most, Math.max(recheckMs.first, ageMs / 4));
}

async function findTrouble(record: ObjectRecord, live: JsonObject, context: TargetContext): Promise<PodTrouble | null> {
  const selector = selectorText(fieldAt(live, ['spec', 'selector']));
  if (selector === null) return null;
  const found = await context.kube.list(pods, { namespace: record.id.namespace, selector, limit: podsLookedAt });
  for (const pod of found) {
    const trouble = podTrouble(pod);
    if (trouble !== null) return trouble;
  }
  return null;
}

/** A label selector as the query parameter spells it; null when it selects nothing in particular. */
function selectorText(selector: ReturnType<typeof fieldAt>): string | null {
  const parts: string[] = [];
  const labels = fieldOf(selector, 'matchLabels');
  if (isJsonObject(labels)) for (const [name, value] of Object.entries(labels)) parts.push(`${name}=${String(value)}`);
  const expressions = fieldOf(selector, 'matchExpressions');
  for (const expression of Array.isArray(expressions) ? expressions : []) {
    const key = String(fieldOf(expression, 'key'));
    const values = fieldOf(expression, 'values');
    const list = Array.isArray(values) ? values.join(',') : '';
    const spelled = spellExpression(String(fieldOf(expression, 'operator')), key, list);
    if (spelled !== null) parts.push(spelled);
  }
  return parts.length === 0 ? null : parts.join(',');
}

function spellExpression(operator: string, key: string, values: string): string | null {
  switch (operator) {
    case 'In':
      return `${key} in (${values})`;
    case 'NotIn':
      return `${key} notin (${values})`;
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
    default:
      return null;
  }
}
