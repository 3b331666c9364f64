const windowMs = 600_000;
const mostInWindow = 10;
const freeCorrections = 2;
const firstDelayMs = 15_000;

/** Corrections that still count. */
export function recentCorrections(corrections: readonly number[], nowMs: number): readonly number[] {
  return corrections.every((at) => nowMs - at < windowMs)
    ? corrections
    : corrections.filter((at) => nowMs - at < windowMs);
}

/** Whether an object that differs now is one that somebody keeps changing back. */
export function isContended(corrections: readonly number[], nowMs: number): boolean {
  return recentCorrections(corrections, nowMs).length >= freeCorrections;
}

/**
 * When an object may be put back, after these corrections. The first and the second are free; whoever changes it again within
 * ten minutes is contending, and each round waits longer. Never more than ten writes in ten minutes.
 */
export function nextCorrectionAt(corrections: readonly number[], nowMs: number): number {
  const recent = recentCorrections(corrections, nowMs);
  const [oldest] = recent;
  const newest = recent.at(-1);
  if (recent.length < freeCorrections || oldest === undefined || newest === undefined) return nowMs;
  if (recent.length >= mostInWindow) return oldest + windowMs;
  return Math.max(nowMs, newest + firstDelayMs * 2 ** (recent.length - freeCorrections));
}

/** When the last of these corrections is forgotten. */
export function forgottenAt(corrections: readonly number[]): number {
  return (corrections.at(-1) ?? Number.NEGATIVE_INFINITY) + windowMs;
}
