import type { DriftItemReport } from '@fairlead/shared/contracts';
import type { DiffItem, Json, JsonObject, KubeObject, ObjectId } from '@fairlead/manifests';
import { diffObjects, fieldOf, isJsonObject, isSecret, maskSecret } from '@fairlead/manifests';
import type { FieldPath } from '../ignore/field-path.ts';
import { isIgnored } from '../ignore/ignore-rules.ts';
import { takeFrom } from '../ignore/take-from.ts';
import { attribute, describe } from './attribution.ts';
import { isDeclared } from './declared-path.ts';
import { listShapes } from './list-shapes.ts';
import { unmanagedFields } from './unmanaged-fields.ts';

/** A difference between what an apply would give and what is there. */
export type DriftFinding = Omit<DriftItemReport, 'object' | 'apiVersion' | 'firstSeenAt' | 'contended'>;

export interface DriftQuestion {
  readonly id: ObjectId;
  readonly live: KubeObject;
  /** What Git says, as it is sent. */
  readonly declared: KubeObject;
  /** Answer of a dry-run apply on top of `live`. */
  readonly predicted: KubeObject;
  /** Masks Secret values, so that equal values look equal and nothing else is known of them. */
  readonly maskKey: Uint8Array;
  /** When the object was last known to be as desired, ISO time. */
  readonly verifiedAt: string;
  /** Places where others may set what they like. */
  readonly ignored: readonly FieldPath[];
}

export interface Comparison {
  /** Fields that an apply would put back, with who changed them. */
  readonly drift: readonly DriftFinding[];
  /** Something differs that is no drift: it is ignored, not of Git, or empty on one side and absent on the other. */
  readonly isTolerated: boolean;
}

/** Compares an object with what an apply would make of it. Nothing found: only ownership moved, no value did. */
export function compareLive(question: DriftQuestion): Comparison {
  const masked = (object: KubeObject) => (isSecret(object) ? maskSecret(object, question.maskKey) : object);
  const predicted = comparable(masked(question.predicted));
  const live = comparable(masked(question.live));
  const shapes = listShapes(question.predicted, question.live);
  const differences = (left: JsonObject, right: JsonObject) =>
    diffObjects(left, right, { listAt: (place) => shapes.get(place) });
  const allowed = takeFrom(predicted, live, question.ignored, { declaredOnly: false });
  // Operators drop declared-empty fields of their own resources on every write: empty and absent mean the same there.
  const found = isCustom(question.id)
    ? differences(withoutEmpty(allowed), withoutEmpty(live))
    : differences(allowed, live);
  // What a webhook or a controller would set by itself is no matter of Git.
  const ofGit = found.filter(
    ({ path, desired }) =>
      desired === undefined || isDeclared(path, { object: question.predicted, declared: question.declared, shapes }),
  );
  const drift = ofGit.map((item) => ({
    path: item.path,
    change: changeOf(item),
    desired: plain(item.desired),
    live: plain(item.live),
    ...attribute({ item, predicted: question.predicted, live: question.live, since: question.verifiedAt }),
  }));
  return { drift, isTolerated: drift.length === 0 && differences(predicted, live).length > 0 };
}

/** Fields that somebody set and that `declared` says nothing about. They are told and stay. */
export function findUnmanaged({
  live,
  declared,
  maskKey,
  ignored,
}: Pick<DriftQuestion, 'live' | 'declared' | 'maskKey' | 'ignored'>): DriftFinding[] {
  const masked = isSecret(live) ? maskSecret(live, maskKey) : live;
  return unmanagedFields(masked, declared)
    .filter(({ path }) => !isIgnored(ignored, path, masked))
    .map(({ path, value, entry }) => ({
      path,
      change: 'unmanaged',
      desired: null,
      live: plain(value),
      ...describe(entry, 'high'),
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

function comparable(object: KubeObject): JsonObject {
  const { status: _status, ...rest } = object;
  const metadata: JsonObject = { ...object.metadata };
  for (const field of serverFields) delete metadata[field];
  return { ...rest, metadata };
}

function isCustom({ group }: ObjectId): boolean {
  return group.includes('.') && !group.endsWith('.k8s.io');
}

function withoutEmpty(object: JsonObject): JsonObject {
  const kept: JsonObject = {};
  for (const [field, value] of Object.entries(object)) {
    const inner = emptied(value);
    const isEmpty =
      inner === null ||
      inner === '' ||
      (Array.isArray(inner) && inner.length === 0) ||
      (isJsonObject(inner) && Object.keys(inner).length === 0);
    if (!isEmpty) kept[field] = inner;
  }
  return kept;
}

// Items stay where they are, so that paths stay true.
function emptied(value: Json): Json {
  if (Array.isArray(value)) return value.map(emptied);
  return isJsonObject(value) ? withoutEmpty(value) : value;
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
