import type { DriftItemReport, Notice } from '@fairlead/shared/contracts';
import type { SnapshotObject } from '../../hub/snapshot-store.ts';
import { anything, flag, list, nullable, object, oneOf, text, whole } from '../../hub/shape.ts';
import { assignment } from '../../hub/wire.ts';
import type { StoredMemory } from '../health/health-memory.ts';
import type { Progress, StoredObject } from './progress-store.ts';

const driftItem = object<DriftItemReport>({
  object: text(),
  apiVersion: text(),
  path: text(),
  change: oneOf('changed', 'removed', 'added', 'object-deleted', 'unmanaged'),
  contended: flag,
  desired: anything,
  live: anything,
  manager: nullable(text()),
  operation: nullable(text()),
  managerAt: nullable(text()),
  confidence: oneOf('high', 'low', 'none'),
  firstSeenAt: text(),
});

const stored = object<StoredObject>({
  key: text(/^[^/]*\/[^/]+\/[^/]*\/[^/]+$/),
  apiVersion: text(),
  desired: nullable(
    object<SnapshotObject>({ id: text(), digest: text(), apiVersion: text(), offset: whole(0), length: whole(0) }),
  ),
  mayGo: flag,
  appliedHash: nullable(text()),
  uid: text(),
  resourceVersion: text(),
  ownedSetHash: text(),
  verifiedAt: text(),
  awaits: nullable(
    object<StoredMemory>({ appliedAt: nullable(whole(0)), staleMark: nullable(text()), vanishes: flag }),
  ),
  foreignHash: text(),
  openDrift: list(driftItem),
});

/** A file of this version. One that an earlier or later version wrote is not guessed at. */
export const progressShape = object<Progress>({
  format: oneOf('1'),
  assignment,
  phase: oneOf('received', 'applied', 'failed', 'deleted'),
  plannedDigest: nullable(text()),
  appliedDigest: nullable(text()),
  succeeded: flag,
  parted: list(object<Notice>({ reason: text(), object: nullable(text()), message: text() })),
  objects: list(stored),
});
