const windowMs = 600_000;
const mostInWindow = 10;
const freeCorrections = 2;
const firstDelayMs = 15_000;

/** Corrections that still count. */
export function recentCorrections(corrections: readonly number[], nowMs: number): number[] {
  return corrections.filter((at) => nowMs - at < windowMs);
}

/**
 * How long to leave an object alone after a correction. Two corrections are free; whoever changes it again within ten
 * minutes is contending, and each round waits longer. Never more than ten writes in ten minutes.
 */
export function correctionDelayMs(corrections: readonly number[], nowMs: number): number {
  const recent = recentCorrections(corrections, nowMs);
  if (recent.length < freeCorrections) return 0;
  const oldest = recent[0] ?? nowMs;
  if (recent.length >= mostInWindow) return oldest + windowMs - nowMs;
  return firstDelayMs * 2 ** (recent.length - freeCorrections);
}
