import type { DriftItemReport } from '@fairlead/shared/contracts';
import type { DiffItem, Json, JsonObject, KubeObject, ObjectId } from '@fairlead/manifests';
import { diffObjects, fieldOf, isJsonObject, isSecret, maskSecret } from '@fairlead/manifests';
import { attribute } from './attribution.ts';

/** A difference between what an apply would give and what is there. */
export type DriftFinding = Omit<DriftItemReport, 'object' | 'apiVersion' | 'firstSeenAt' | 'contended'>;

export interface DriftQuestion {
  readonly id: ObjectId;
  readonly live: KubeObject;
  /** Answer of a dry-run apply on top of `live`. */
  readonly predicted: KubeObject;
  /** Masks Secret values, so that equal values look equal and nothing else is known of them. */
  readonly maskKey: Uint8Array;
  /** When the object was last known to be as desired, ISO time. */
  readonly verifiedAt: string;
}

/** Fields that an apply would put back, with who changed them. Empty: only ownership moved, no value did. */
export function findDrift(question: DriftQuestion): DriftFinding[] {
  const masked = (object: KubeObject) => (isSecret(object) ? maskSecret(object, question.maskKey) : object);
  const predicted = comparable(masked(question.predicted), question.id);
  const live = comparable(masked(question.live), question.id);
  return diffObjects(predicted, live).map((item) => ({
    path: item.path,
    change: changeOf(item),
    desired: plain(item.desired),
    live: plain(item.live),
    ...attribute({ item, predicted: question.predicted, live: question.live, since: question.verifiedAt }),
  }));
}

/** The finding for an object that is gone. Who deleted it is nowhere in the cluster. */
export function deletedFinding(): DriftFinding {
  return {
    path: '',
    change: 'object-deleted',
    desired: null,
    live: null,
    manager: null,
    operation: null,
    managerAt: null,
    confidence: 'none',
  };
}

function changeOf(item: DiffItem): DriftFinding['change'] {
  if (item.live === undefined) return 'removed';
  return item.desired === undefined ? 'added' : 'changed';
}

const serverFields = ['managedFields', 'resourceVersion', 'generation', 'uid', 'creationTimestamp', 'selfLink'];

function comparable(object: KubeObject, id: ObjectId): JsonObject {
  const { status: _status, ...rest } = object;
  const metadata: JsonObject = { ...object.metadata };
  for (const field of serverFields) delete metadata[field];
  const bare: JsonObject = { ...rest, metadata };
  // Operators drop declared-empty fields of their own resources on every write: empty and absent mean the same there.
  return id.group.includes('.') && !id.group.endsWith('.k8s.io') ? withoutEmpty(bare) : bare;
}

function withoutEmpty(object: JsonObject): JsonObject {
  const kept: JsonObject = {};
  for (const [field, value] of Object.entries(object)) {
    const inner = isJsonObject(value) ? withoutEmpty(value) : value;
    const isEmpty =
      inner === null ||
      inner === '' ||
      (Array.isArray(inner) && inner.length === 0) ||
      (isJsonObject(inner) && Object.keys(inner).length === 0);
    if (!isEmpty) kept[field] = inner;
  }
  return kept;
}

/** Values as they can travel in a report: exact integers as text, long values cut. */
function plain(value: Json | undefined): DriftItemReport['desired'] {
  if (value === undefined || value === null) return null;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'string') return value.length > 4096 ? `${value.slice(0, 4096)}…` : value;
  if (Array.isArray(value)) return value.map(plain);
  if (isJsonObject(value))
    return Object.fromEntries(Object.keys(value).map((key) => [key, plain(fieldOf(value, key))]));
  return value;
}
