import type { DiffItem, Json, JsonObject, KubeObject } from '@fairlead/manifests';
import { fieldOf, isJsonObject, jsonEquals } from '@fairlead/manifests';
import { splitPointer } from '../ignore/field-path.ts';
import { managedEntries } from '../managed-fields/managed-entry.ts';
import type { ManagedEntry } from '../managed-fields/managed-entry.ts';

export interface Attribution {
  readonly manager: string | null;
  /** `Apply` or `Update`, with the subresource when it was written through one: `Update/scale`. */
  readonly operation: string | null;
  readonly managerAt: string | null;
  readonly confidence: 'high' | 'low' | 'none';
}

const nobody: Attribution = { manager: null, operation: null, managerAt: null, confidence: 'none' };
const ourManager = 'fairlead';
// The server merges the oldest entries of an object under this name when there are too many.
const mergedManagers = 'ancient-changes';

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
  const steps = splitPointer(item.path);
  const identity = item.desired === undefined ? live : predicted;
  const entries = managedEntries(live).filter(
    ({ manager, operation, subresource }) =>
      !(manager === ourManager && operation === 'Apply') && subresource !== 'status',
  );
  const owner = latest(entries.filter(({ fields }) => covers(fields, identity, steps)));
  if (owner !== null && item.live !== undefined) return describe(owner, 'high');
  const candidate = latest(entries.filter(({ at }) => Date.parse(at) >= Date.parse(since) - 1000));
  return candidate === null ? nobody : describe(candidate, 'low');
}

/** An entry of managed fields as it is told. */
export function describe(
  { manager, operation, subresource, at }: ManagedEntry,
  confidence: 'high' | 'low',
): Attribution {
  return {
    manager: manager || null,
    operation: operation === '' ? null : operation + (subresource === '' ? '' : `/${subresource}`),
    managerAt: at === '' ? null : at,
    confidence: manager === mergedManagers ? 'low' : confidence,
  };
}

/** Whether a set of managed fields holds this path, or an ancestor that is owned as a whole. */
function covers(fields: JsonObject, object: Json, steps: readonly string[]): boolean {
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

function latest(entries: readonly ManagedEntry[]): ManagedEntry | null {
  let best: ManagedEntry | null = null;
  for (const entry of entries) if (best === null || Date.parse(entry.at) > Date.parse(best.at)) best = entry;
  return best;
}
