import type { Json, JsonObject } from '@fairlead/manifests';
import { fieldAt, fieldOf } from '@fairlead/manifests';
import type { HealthFacts, ObjectHealth } from '../object-health.ts';
import { current, progressing, text } from '../object-health.ts';
import type { KindRule } from './kind-rule.ts';
import { at, atWith, judge, withinTime } from './kind-rule.ts';

const group = 'tyk.tyk.io';
const deadlineMs = 120_000;
const path = (text: string) => text.split('.');
const transaction = atWith('status.latestTransaction.status', 'status.latestTransaction.error', 'Failed');
const successful = at('status.latestTransaction.status', 'Successful');
// Time has whole seconds and comes from another clock: it is only compared with itself.
const apiMark = [path('status.latestTransaction.time'), path('status.latestCRDSpecHash')];
// A failed transaction is tried again; two transactions follow a first apply.
const times = { failedGraceMs: 30_000, deadlineMs, settleMs: 2_000 };

/**
 * Kinds of Tyk, by what their operator writes. No status names the generation it is about, so what it said at the time of
 * the apply is remembered (`mark`), and only something else counts. An operator that cannot work writes nothing at all:
 * only a deadline shows it.
 */
export const tykRules: readonly KindRule[] = [
  {
    kinds: [`${group}/ApiDefinition`],
    failed: [transaction],
    current: [successful, at('status.api_id')],
    mark: apiMark,
    ...times,
  },
  {
    kinds: [`${group}/TykOasApiDefinition`, `${group}/TykStreamsApiDefinition`, `${group}/TykMcpProxyDefinition`],
    failed: [transaction],
    current: [successful, at('status.id')],
    mark: [...apiMark, path('status.latestConfigMapHash')],
    ...times,
  },
  { kinds: [`${group}/SubGraph`], current: [at('metadata.finalizers')], deadlineMs },
  { kinds: [`${group}/SuperGraph`], current: [at('spec.merged_sdl')], deadlineMs },
  { kinds: [`${group}/OperatorContext`], otherwise: 'current' },
];

const policyRule: KindRule = {
  kinds: [`${group}/SecurityPolicy`],
  mark: [path('status.latestCRDSpecHash'), path('status.latestTykSpecHash')],
  current: [at('status.pol_id')],
  deadlineMs,
  settleMs: 2_000,
};

/** A definition that an Ingress uses as its template is never published itself. */
export function tykHealth(rule: KindRule, object: JsonObject, facts: HealthFacts): ObjectHealth {
  const isTemplate = fieldAt(object, ['metadata', 'labels', 'template']) === 'true';
  return isTemplate ? current : judge(rule, object, facts);
}

/** A policy never reports a failure; it is well when it is linked to exactly the APIs it grants. */
export function policyHealth(object: JsonObject, facts: HealthFacts): ObjectHealth {
  const bySigns = judge(policyRule, object, facts);
  if (bySigns.state !== 'current') return bySigns;
  const namespace = text(fieldAt(object, ['metadata', 'namespace']));
  const granted = names(fieldAt(object, ['spec', 'access_rights_array']), namespace);
  const linked = names(fieldAt(object, ['status', 'linked_apis']), namespace);
  const missing = [...granted].filter((name) => !linked.has(name));
  const extra = [...linked].filter((name) => !granted.has(name));
  if (missing.length === 0 && extra.length === 0) return current;
  const message =
    missing.length > 0 ? `waiting for the API ${missing.join(', ')}` : `still linked to ${extra.join(', ')}`;
  return withinTime(policyRule, progressing('NotLinked', message), facts);
}

export const policyMark = policyRule;

function names(refs: Json | undefined, namespace: string): Set<string> {
  const list = Array.isArray(refs) ? refs : [];
  return new Set(list.map((ref) => `${text(fieldOf(ref, 'namespace')) || namespace}/${text(fieldOf(ref, 'name'))}`));
}
