import type { DiffItem, Json, JsonObject, KubeObject } from '@fairlead/manifests';
import { fieldOf, isJsonObject, jsonEquals } from '@fairlead/manifests';

export interface Attribution {
  readonly manager: string | null;
  readonly operation: string | null;
  readonly managerAt: string | null;
  readonly confidence: 'high' | 'low' | 'none';
}

const nobody: Attribution = { manager: null, operation: null, managerAt: null, confidence: 'none' };
const ourManager = 'fairlead';

/**
 * Who changed a field, from the managed fields of the live object as it was before it is corrected. A removed field has
 * no owner any more: then whoever wrote last since we knew the object to be right, with low confidence.
 */
export function attribute(question: {
  item: DiffItem;
  predicted: KubeObject;
  live: KubeObject;
  since: string;
}): Attribution {
  const { item, predicted, live, since } = question;
  const steps = item.path
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const identity = item.desired === undefined ? live : predicted;
  const entries = foreignEntries(live);
  const owners = entries.filter((entry) => covers(fieldOf(entry, 'fieldsV1'), identity, steps));
  const owner = latest(owners);
  if (owner !== null && item.live !== undefined) return describe(owner, 'high');
  const candidates = entries.filter((entry) => Date.parse(text(fieldOf(entry, 'time'))) >= Date.parse(since) - 1000);
  const candidate = latest(candidates);
  return candidate === null ? nobody : describe(candidate, 'low');
}

function foreignEntries(live: KubeObject): JsonObject[] {
  const entries = fieldOf(live.metadata, 'managedFields');
  return (Array.isArray(entries) ? entries : []).filter(
    (entry): entry is JsonObject =>
      isJsonObject(entry) &&
      !(fieldOf(entry, 'manager') === ourManager && fieldOf(entry, 'operation') === 'Apply') &&
      fieldOf(entry, 'subresource') !== 'status',
  );
}

/** Whether a set of managed fields holds this path, or an ancestor that is owned as a whole. */
function covers(fields: Json | undefined, object: Json, steps: readonly string[]): boolean {
  let node: Json | undefined = fields;
  let value: Json | undefined = object;
  for (const [depth, step] of steps.entries()) {
    if (!isJsonObject(node)) return false;
    if (depth > 0 && Object.keys(node).length === 0) return true;
    if (Array.isArray(value)) {
      const item: Json | undefined = value[Number(step)];
      node = listItemNode(node, item);
      value = item;
    } else {
      node = fieldOf(node, `f:${step}`);
      value = fieldOf(value, step);
    }
    if (node === undefined) return false;
  }
  return node !== undefined;
}

function listItemNode(node: JsonObject, item: Json | undefined): Json | undefined {
  for (const [name, child] of Object.entries(node)) {
    if (name.startsWith('k:')) {
      const keys = JSON.parse(name.slice(2)) as JsonObject;
      if (Object.entries(keys).every(([field, value]) => jsonEquals(fieldOf(item, field), value))) return child;
    } else if (name.startsWith('v:') && jsonEquals(JSON.parse(name.slice(2)) as Json, item)) {
      return child;
    }
  }
  return undefined;
}

function latest(entries: readonly JsonObject[]): JsonObject | null {
  let best: JsonObject | null = null;
  for (const entry of entries) {
    if (best === null || Date.parse(text(fieldOf(entry, 'time'))) > Date.parse(text(fieldOf(best, 'time'))))
      best = entry;
  }
  return best;
}

function describe(entry: JsonObject, confidence: 'high' | 'low'): Attribution {
  const time = text(fieldOf(entry, 'time'));
  return {
    manager: text(fieldOf(entry, 'manager')) || null,
    operation: text(fieldOf(entry, 'operation')) || null,
    managerAt: time === '' ? null : time,
    confidence,
  };
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
