import type { Assignment, Notice, PruneHold } from '@fairlead/shared/contracts';
import { formatObjectId, parseObjectId } from '@fairlead/manifests';
import { hasHealthRule } from '../../domain/health/rules.ts';
import type { Inventory, InventoryEntry } from '../../domain/inventory/inventory.ts';
import { newRecord } from './object-record.ts';
import type { ObjectRecord } from './object-record.ts';
import type { ApplyPhase, Progress } from './progress-store.ts';

const mostNotices = 20;

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
  /** Objects of the snapshot that belong to another app. */
  refused: ObjectRecord[] = [];

  constructor(app: string) {
    this.app = app;
  }

  desired(): ObjectRecord[] {
    return [...this.records.values()].filter((record) => record.desired !== null);
  }

  /** What a person should know that is no failure, at most twenty. */
  notices(): Notice[] {
    return [...this.records.values()].flatMap((record) => record.notice ?? []).slice(0, mostNotices);
  }

  /** Digests whose snapshots must stay on disk. */
  digestsInUse(): string[] {
    return [this.assignment?.digest, this.plannedDigest, this.appliedDigest].filter(
      (digest) => typeof digest === 'string',
    );
  }

  inventory(): Inventory {
    const entries = [...this.records.values()].map(({ id, apiVersion }): InventoryEntry => ({ id, apiVersion }));
    return { app: this.app, entries };
  }

  /** Takes over what an earlier run of this program left. Health is looked at anew. */
  restore(progress: Progress | null, inventory: Inventory | null): void {
    for (const { id, apiVersion } of inventory?.entries ?? []) {
      const record = newRecord(formatObjectId(id), id, apiVersion);
      this.records.set(record.key, record);
    }
    if (progress === null) return;
    for (const stored of progress.objects) {
      const record = Object.assign(newRecord(stored.key, parseObjectId(stored.key), stored.apiVersion), stored);
      this.records.set(stored.key, record);
      if (!hasHealthRule(record.id)) continue;
      record.health = { state: 'unknown', reason: 'NotSeen', message: 'not looked at since the agent started' };
      record.healthDueAt = 0;
    }
    this.assignment = progress.assignment;
    this.phase = progress.phase;
    this.plannedDigest = progress.plannedDigest;
    this.appliedDigest = progress.appliedDigest;
    this.succeeded = progress.succeeded;
  }

  progress(): Progress | null {
    if (this.assignment === null) return null;
    const { assignment, phase, plannedDigest, appliedDigest, succeeded } = this;
    const objects = [...this.records.values()].map(
      ({ key, apiVersion, desired, appliedHash, uid, resourceVersion, ownedSetHash, verifiedAt }) => ({
        key,
        apiVersion,
        desired,
        appliedHash,
        uid,
        resourceVersion,
        ownedSetHash,
        verifiedAt,
      }),
    );
    return { assignment, phase, plannedDigest, appliedDigest, succeeded, objects };
  }
}
