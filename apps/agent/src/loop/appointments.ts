/**
 * When a loop has to turn again for its appointments (monotonic ms), counted from now; null when none asks for it. What fell
 * due during the last turn, which began at `turnAt`, may have been asked for before it was, so it asks for another turn. What
 * was due before that turn and is still not done waits for something else.
 */
export function nextTurnInMs(appointments: readonly number[], turnAt: number, nowMs: number): number | null {
  const next = Math.min(...appointments.filter((at) => at > turnAt));
  return Number.isFinite(next) ? Math.max(0, next - nowMs) + 1 : null;
}
