import type { DriftItemReport, Notice } from '@fairlead/shared/contracts';
import type { HookSpec } from '../../domain/apply/hook.ts';
import type { ObjectFacts } from '../../domain/apply/object-facts.ts';
import type { Place } from '../../domain/apply/order.ts';
import type { SnapshotObject } from '../../hub/snapshot-store.ts';
import { anything, flag, list, nullable, object, oneOf, text, whole } from '../../hub/shape.ts';
import type { Shape } from '../../hub/shape.ts';
import { assignment } from '../../hub/wire.ts';
import type { StoredMemory } from '../health/health-memory.ts';
import type { StoredHook } from '../hooks/target-hooks.ts';
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

const objectKey = text(/^[^/]*\/[^/]+\/[^/]*\/[^/]+$/);

// Written by this program, read by this program: what is in it was checked when the snapshot came.
const facts: Shape<ObjectFacts> = (value, path) => (typeof value === 'object' ? null : path);

const desired = object<SnapshotObject>({
  id: text(),
  digest: text(),
  apiVersion: text(),
  facts: nullable(facts),
  offset: whole(0),
  length: whole(0),
});

const spec = object<HookSpec>({
  phase: oneOf('before', 'after', 'on-failure'),
  deletion: list(oneOf('before-creation', 'succeeded', 'failed')),
});

const stored = object<StoredObject>({
  key: objectKey,
  apiVersion: text(),
  desired: nullable(desired),
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
  place: nullable(object<Place>({ wave: whole(), rank: whole(), level: whole() })),
});

const hook = object<StoredHook>({
  key: objectKey,
  apiVersion: text(),
  desired: nullable(desired),
  uid: text(),
  spec,
  digest: text(),
  counter: whole(),
  position: oneOf('pending', 'running', 'succeeded', 'failed'),
  isLive: flag,
  message: text(),
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
  hooks: list(hook),
});
