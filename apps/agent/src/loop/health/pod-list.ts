import type { Json, JsonObject } from '@fairlead/manifests';
import { fieldAt, fieldOf, isJsonObject } from '@fairlead/manifests';
import type { KubeClient } from '../../kube/kube-client.ts';
import type { Resource } from '../../kube/resource.ts';

const podResource: Resource = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true };
const podsLookedAt = 50;

/** Pods that a workload selects, at most fifty; none when it selects nothing in particular. */
export async function podsOf(workload: JsonObject, namespace: string, kube: KubeClient): Promise<JsonObject[]> {
  const selector = selectorText(fieldAt(workload, ['spec', 'selector']));
  return selector === null ? [] : kube.list(podResource, { namespace, selector, limit: podsLookedAt });
}

/** A label selector as the query parameter spells it; null when it selects nothing in particular. */
function selectorText(selector: Json | undefined): string | null {
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
