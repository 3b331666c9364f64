import { retryDelayMs } from '../../domain/apply/retry-schedule.ts';
import type { ApplyFailure, ObjectRecord } from '../state/object-record.ts';

/** Notes that writing `hash` failed. */
export function failedOnce(record: ObjectRecord, hash: string, failure: ApplyFailure): void {
  const failures = record.retry.hash === hash ? record.retry.failures + 1 : 1;
  const delayMs = retryDelayMs(scheduleOf(failure), failures, Math.random());
  record.failure = failure;
  record.retry = { failures, at: performance.now() + delayMs, hash, failure };
}

/** The failure that keeps an object from being tried now; null when it may be tried. */
export function holdingBack(record: ObjectRecord, hash: string): ApplyFailure | null {
  const { retry } = record;
  return retry.hash === hash && retry.at > performance.now() ? retry.failure : null;
}

/** Time until the first of these objects may be tried again, in ms; infinite when only another revision can help. */
export function nextRetryMs(records: readonly ObjectRecord[], tries: number): number {
  const now = performance.now();
  if (records.every((record) => record.failure === null)) return retryDelayMs('soon', tries + 1, Math.random());
  let soonest = Number.POSITIVE_INFINITY;
  for (const { failure, retry } of records) {
    if (failure === null) continue;
    const waitMs =
      retry.failure === failure ? retry.at - now : retryDelayMs(scheduleOf(failure), tries + 1, Math.random());
    soonest = Math.min(soonest, Math.max(0, waitMs));
  }
  return soonest;
}

function scheduleOf(failure: ApplyFailure) {
  return failure.retry ?? (failure.permanent ? 'never' : 'soon');
}
