import type { PodReport } from '@fairlead/shared/contracts';
import type { HealthFacts } from '../../domain/health/object-health.ts';
import type { ObjectRecord } from '../state/object-record.ts';

/** What is remembered about the health of an object between two looks at it. */
export interface HealthMemory {
  /** When an apply of ours changed the object, wall clock. */
  appliedAt: number | null;
  /** What its status said then, for kinds whose status does not name a generation. */
  staleMark: string | null;
  /** The object goes away by itself when it has done its work. */
  vanishes: boolean;
  /** Looks in a row that found nothing new, and when the last one was (monotonic). */
  fruitlessLooks: number;
  lookedAt: number;
  /** Failed attempts in a row to read the object. */
  failedReads: number;
  /** What the Pods of the failed object said, and about which failure. */
  pods: { readonly cause: string; readonly reports: readonly PodReport[] } | null;
}

export type StoredMemory = Pick<HealthMemory, 'appliedAt' | 'staleMark' | 'vanishes'>;

export function newMemory(): HealthMemory {
  return {
    appliedAt: null,
    staleMark: null,
    vanishes: false,
    fruitlessLooks: 0,
    lookedAt: 0,
    failedReads: 0,
    pods: null,
  };
}

// Longer than any grace or deadline of a rule.
const worthKeepingMs = 600_000;

/** What has to survive a restart; null when nothing does. */
export function storedMemory({ appliedAt, staleMark, vanishes }: HealthMemory, now: number): StoredMemory | null {
  const isFresh = appliedAt !== null && now - appliedAt < worthKeepingMs;
  return isFresh || staleMark !== null || vanishes ? { appliedAt, staleMark, vanishes } : null;
}

export function healthFacts(record: ObjectRecord, declaresConditions: boolean | null): HealthFacts {
  const { appliedAt, staleMark } = record.memory;
  return { now: Date.now(), appliedAt, staleMark, declaresConditions };
}
