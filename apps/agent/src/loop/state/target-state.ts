import type { Assignment, Notice, ObjectFailure, PruneHold, TargetSettings } from '@fairlead/shared/contracts';
import { formatObjectId, parseObjectId } from '@fairlead/manifests';
import { comparePlaces, placeOf } from '../../domain/apply/order.ts';
import { unknown } from '../../domain/health/object-health.ts';
import { storedMemory } from '../health/health-memory.ts';
import { watchesHealth } from '../health/own-rules-of.ts';
import type { Inventory, InventoryEntry } from '../../domain/inventory/inventory.ts';
import type { Resource } from '../../kube/resource.ts';
import type { Blockage } from '../apply/blocking.ts';
import { TargetHooks } from '../hooks/target-hooks.ts';
import { newRecord, noteDrift } from './object-record.ts';
import type { ObjectRecord } from './object-record.ts';
import { progressFormat } from './progress-store.ts';
import type { ApplyPhase, Progress } from './progress-store.ts';

const mostNotices = 20;

/** Why nothing of the app can be done, when it is no single object. */
export interface TargetProblem {
  readonly kind: 'inventory' | 'deletion' | 'bundle';
  readonly message: string;
  readonly permanent: boolean;
  readonly failures: readonly ObjectFailure[];
}

/** Everything known about one app on this cluster. */
export class TargetState {
  readonly app: string;
  assignment: Assignment | null = null;
  phase: ApplyPhase = 'received';
  /** Digest whose objects the records describe. */
  plannedDigest: string | null = null;
  /** Digest that was applied whole the last time. */
  appliedDigest: string | null = null;
  /** The app was healthy on the applied digest. */
  succeeded = false;
  pruneHold: PruneHold | null = null;
  /** Objects that belong (or may belong) to the app, by key. */
  readonly records = new Map<string, ObjectRecord>();
  /** What is wrong with the health rules of the app. */
  ruleNotices: Notice[] = [];
  /** Objects of the snapshot that belong to another app, or are not valid. */
  refused: ObjectRecord[] = [];
  /** What objects wait for. */
  blockages: readonly Blockage[] = [];
  readonly hooks = new TargetHooks();
  problem: TargetProblem | null = null;
  /** The list of objects was lost and found again by their marks: nothing is pruned before somebody has seen the set. */
  rebuilt = false;
  /** Objects that the server refused to make: they are not listed as the app's. */
  readonly neverMade = new Set<string>();
  /** What is to be said of objects that left the app under this assignment and are no longer remembered. */
  parted: Notice[] = [];
  /** Objects of an app that goes away that are done. */
  readonly partedKeys = new Set<string>();
  /** Kinds of the app that may not be watched: they are polled. */
  unwatched: Resource[] = [];

  constructor(app: string) {
    this.app = app;
  }

  desired(): ObjectRecord[] {
    return [...this.records.values()].filter((record) => record.desired !== null);
  }

  /** What a person should know that is no failure, at most twenty. */
  notices(): Notice[] {
    const open = [...this.records.values()].flatMap((record) => record.notice ?? []);
    return [...this.unwatched.map(watchForbidden), ...this.ruleNotices, ...this.parted, ...open].slice(0, mostNotices);
  }

  /** Digests whose snapshots must stay on disk. */
  digestsInUse(): string[] {
    return [this.assignment?.digest, this.plannedDigest, this.appliedDigest].filter(
      (digest) => typeof digest === 'string',
    );
  }

  /** A new assignment begins: what was said about the one before is over. */
  begin(assignment: Assignment): void {
    this.assignment = assignment;
    this.phase = assignment.mode === 'frozen' && assignment.digest === this.appliedDigest ? 'applied' : 'received';
    this.pruneHold = null;
    this.problem = null;
    this.parted = [];
    this.partedKeys.clear();
    this.blockages = [];
    // They go like any other object.
    if (assignment.mode === 'delete') this.hooks.retireAll(this.records);
  }

  inventory(state: Inventory['state']): Inventory {
    const entries = [...this.records.values(), ...this.hooks.live()]
      .filter(({ key }) => !this.neverMade.has(key))
      .map(({ id, apiVersion, uid, ownedSetHash, appliedHash }): InventoryEntry => ({
        id,
        apiVersion,
        uid,
        ownedSetHash,
        appliedHash,
      }));
    return { app: this.app, state, digest: this.plannedDigest, rebuilt: this.rebuilt, entries };
  }

  /** Takes over a stored list. Where what is on disk says something else, nothing is certain. */
  learn(inventory: Inventory): void {
    this.rebuilt ||= inventory.rebuilt;
    const listed = new Map(inventory.entries.map(({ id, appliedHash }) => [formatObjectId(id), appliedHash]));
    for (const record of this.records.values()) {
      if (record.appliedHash !== listed.get(record.key)) record.appliedHash = null;
    }
    this.learnEntries(inventory.entries);
  }

  /** Objects that the app has, or may have: what is known of them already stays. */
  learnEntries(entries: readonly InventoryEntry[]): void {
    const rules = this.assignment?.settings.health ?? [];
    for (const { id, apiVersion, uid, ownedSetHash, appliedHash } of entries) {
      const key = formatObjectId(id);
      if (this.records.has(key) || this.hooks.has(key)) continue;
      const record = newRecord(key, id, apiVersion);
      this.records.set(key, unseen(Object.assign(record, { uid, ownedSetHash, appliedHash }), rules));
    }
  }

  /** The app is gone; only that it is gone is remembered. */
  clear(): void {
    this.records.clear();
    this.neverMade.clear();
    this.refused = [];
    this.plannedDigest = null;
    this.appliedDigest = null;
    this.succeeded = false;
    this.rebuilt = false;
  }

  /** Takes over what an earlier run of this program left. Health is looked at anew. */
  restore(progress: Progress): void {
    const { health } = progress.assignment.settings;
    for (const { awaits, openDrift, foreignHash, ...stored } of progress.objects) {
      const fresh = newRecord(stored.key, parseObjectId(stored.key), stored.apiVersion);
      const { apiVersion } = fresh;
      const record = Object.assign(fresh, stored, { apiVersion, place: stored.place ?? fresh.place });
      // Two copies of the same text, as it was read.
      if (stored.desired?.digest === stored.appliedHash) record.appliedHash = stored.desired.digest;
      Object.assign(record.memory, awaits);
      record.look.foreignHash = foreignHash;
      for (const item of openDrift) noteDrift(record, item);
      // It may have ended while nobody looked.
      record.suspect = record.look.isThorough = openDrift.length > 0;
      this.records.set(stored.key, unseen(record, health));
    }
    this.hooks.restore(progress.hooks);
    this.assignment = progress.assignment;
    this.phase = progress.phase;
    this.plannedDigest = progress.plannedDigest;
    this.appliedDigest = progress.appliedDigest;
    this.succeeded = progress.succeeded;
    this.parted = [...progress.parted];
  }

  progress(): Progress | null {
    if (this.assignment === null) return null;
    const { assignment, phase, plannedDigest, appliedDigest, succeeded, parted } = this;
    const now = Date.now();
    const objects = [...this.records.values()].map(
      ({
        key,
        id,
        apiVersion,
        desired,
        appliedHash,
        uid,
        resourceVersion,
        ownedSetHash,
        verifiedAt,
        mayGo,
        memory,
        look,
        drift,
        place,
      }) => ({
        key,
        apiVersion,
        desired,
        appliedHash,
        uid,
        resourceVersion,
        ownedSetHash,
        verifiedAt,
        mayGo,
        foreignHash: look.foreignHash ?? '',
        openDrift: [...drift.values()],
        awaits: storedMemory(memory, now),
        place: comparePlaces(place, placeOf(id)) === 0 ? null : place,
      }),
    );
    const hooks = this.hooks.stored();
    return {
      format: progressFormat,
      assignment,
      phase,
      plannedDigest,
      appliedDigest,
      succeeded,
      parted,
      objects,
      hooks,
    };
  }
}

/** What this process has not looked at yet has no known health. */
function unseen(record: ObjectRecord, rules: TargetSettings['health']): ObjectRecord {
  if (!watchesHealth(record, rules)) return record;
  record.health = unknown('NotSeen', 'not looked at since the agent started');
  record.healthDueAt = 0;
  return record;
}

function watchForbidden({ kind, group }: Resource): Notice {
  const name = group === '' ? kind : `${kind}.${group}`;
  return {
    reason: 'WatchForbidden',
    object: null,
    message: `the agent may not list and watch ${name}: its objects are looked at one by one, and changes are seen late`,
  };
}
