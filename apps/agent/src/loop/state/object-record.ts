import type { DriftItemReport, Notice } from '@fairlead/shared/contracts';
import type { ObjectId } from '@fairlead/manifests';
import type { RetrySchedule } from '../../domain/apply/retry-schedule.ts';
import { placeOf } from '../../domain/apply/order.ts';
import type { Place } from '../../domain/apply/order.ts';
import { reconcileAnnotation, reconcilePolicy } from '../../domain/apply/reconcile-policy.ts';
import type { ReconcilePolicy } from '../../domain/apply/reconcile-policy.ts';
import type { ObjectHealth } from '../../domain/health/object-health.ts';
import { current } from '../../domain/health/object-health.ts';
import { newMemory } from '../health/health-memory.ts';
import type { HealthMemory } from '../health/health-memory.ts';
import type { SnapshotObject } from '../../hub/snapshot-store.ts';
import type { Resource } from '../../kube/resource.ts';
import { newLookState } from '../drift/look-state.ts';
import type { LookState } from '../drift/look-state.ts';

export interface ApplyFailure {
  readonly reason: string;
  readonly message: string;
  readonly permanent: boolean;
  /** Absent: within seconds unless permanent. */
  readonly retry?: RetrySchedule;
}

/** What is remembered of an object that could not be written, so that it is not tried more often than that can help. */
export interface RetryState {
  /** How often in a row. */
  readonly failures: number;
  /** Not before, monotonic ms. */
  readonly at: number;
  /** What was to be written; something else may be tried at once. */
  readonly hash: string;
  readonly failure: ApplyFailure | null;
}

/** Nothing went wrong: it may be written at any time. */
export const noRetry: RetryState = { failures: 0, at: 0, hash: '', failure: null };

type ReadonlyDrift = Pick<Map<string, DriftItemReport>, 'get' | 'delete' | 'keys' | 'values' | 'size' | 'clear'>;

// Most objects never drift, and there are thousands: they share the map that stays empty.
const noDrift = new Map<string, DriftItemReport>();

/** All that the agent remembers of one object of an app; never the object itself. */
export interface ObjectRecord {
  readonly key: string;
  readonly id: ObjectId;
  apiVersion: string;
  resource: Resource | null;
  /** Null: no longer part of the app, waiting to be pruned. */
  desired: SnapshotObject | null;
  /** It left the app, and the guard of the whole set has let it go. */
  mayGo: boolean;
  /** What was applied last and not touched since by us; null while that is not certain. */
  appliedHash: string | null;
  uid: string;
  /** Newest version that was looked at. */
  resourceVersion: string;
  /** Hash of the fields we owned after our last apply. */
  ownedSetHash: string;
  verifiedAt: string;
  failure: ApplyFailure | null;
  /** When it may be tried again. */
  retry: RetryState;
  /** Where it stands in the order of application, and backwards of deletion. */
  place: Place;
  /** Keys of objects that have to be applied and healthy before it. */
  waitsFor: readonly string[];
  /** What the reconcile annotation of the live object says. */
  liveReconcile: string | null;
  health: ObjectHealth;
  healthDueAt: number | null;
  troubleSince: number | null;
  memory: HealthMemory;
  suspect: boolean;
  readonly look: LookState;
  /** Open drift by path; written by `noteDrift` only. */
  drift: ReadonlyDrift;
  /** Somebody keeps changing the object back. */
  contended: boolean;
  /** What a person should know about the object that is no failure. */
  notice: Notice | null;
}

export function newRecord(key: string, id: ObjectId, apiVersion: string): ObjectRecord {
  return {
    key,
    id: { group: shared(id.group), kind: shared(id.kind), namespace: shared(id.namespace), name: id.name },
    apiVersion: shared(apiVersion),
    resource: null,
    desired: null,
    mayGo: false,
    appliedHash: null,
    uid: '',
    resourceVersion: '',
    ownedSetHash: '',
    verifiedAt: '',
    failure: null,
    retry: noRetry,
    place: placeOf(id),
    waitsFor: [],
    liveReconcile: null,
    health: current,
    healthDueAt: null,
    troubleSince: null,
    memory: newMemory(),
    suspect: false,
    look: newLookState(),
    drift: noDrift,
    contended: false,
    notice: null,
  };
}

const sharedTexts = new Map<string, string>();

/** The one copy of a text that thousands of objects have: a kind, a version, a namespace. */
function shared(text: string): string {
  const known = sharedTexts.get(text);
  if (known !== undefined) return known;
  sharedTexts.set(text, text);
  return text;
}

/** What the agent does with the object, as Git and the live object say. */
export function policyOf({ desired, liveReconcile }: ObjectRecord): ReconcilePolicy {
  const said = desired?.facts?.reconcile;
  return reconcilePolicy(
    said === undefined ? null : { [reconcileAnnotation]: said },
    liveReconcile === null ? null : { [reconcileAnnotation]: liveReconcile },
  );
}

/** Remembers that a field of the object differs. */
export function noteDrift(record: ObjectRecord, item: DriftItemReport): void {
  const drift = record.drift instanceof Map && record.drift !== noDrift ? record.drift : new Map();
  record.drift = drift.set(item.path, item) as typeof noDrift;
}

/** Whether version `left` is newer than `right`. Versions of one server are numbers that grow. */
export function isNewer(left: string, right: string): boolean {
  return right === '' || Number(left) > Number(right);
}
