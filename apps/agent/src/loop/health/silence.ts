import type { TargetSettings } from '@fairlead/shared/contracts';
import { unknown } from '../../domain/health/object-health.ts';
import type { ObjectRecord } from '../state/object-record.ts';
import { watchesHealth } from './own-rules-of.ts';

const reason = 'ApiUnreachable';

/**
 * Takes back what was said about objects that may have changed since the API server was last heard of. They are looked at
 * again as soon as it answers. Says whether anything was taken back.
 */
export function takeBackHealth(
  records: Iterable<ObjectRecord>,
  rules: TargetSettings['health'],
  since: string,
): boolean {
  let isNews = false;
  for (const record of records) {
    if (record.appliedHash === null || record.health.reason === reason || !watchesHealth(record, rules)) continue;
    record.health = unknown(reason, `the API server has not answered since ${since}`);
    record.healthDueAt = 0;
    isNews = true;
  }
  return isNews;
}

/** Calls `onSilence` with the time of the last answer whenever there has been none for `limitMs`, until the signal. */
export function watchSilence(
  transport: { readonly lastAnswerAt: number },
  limitMs: number,
  onSilence: (since: string) => void,
  signal: AbortSignal,
): void {
  const timer = setInterval(
    () => {
      const silentMs = performance.now() - transport.lastAnswerAt;
      if (silentMs > limitMs) onSilence(new Date(Date.now() - silentMs).toISOString());
    },
    Math.max(100, limitMs / 10),
  );
  timer.unref();
  signal.addEventListener('abort', () => {
    clearInterval(timer);
  });
}
