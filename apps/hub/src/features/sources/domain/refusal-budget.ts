export interface RefusalBudget {
  windowStartMs: number;
  count: number;
}

/**
 * Counts refusals in windows of one minute. `admit` says whether this one still gets a ledger entry: a flood of forged
 * calls must not be able to fill the ledger.
 */
export function countRefusal(
  budget: RefusalBudget,
  nowMs: number,
  perMinute: number,
): { next: RefusalBudget; admit: boolean } {
  const fresh = nowMs - budget.windowStartMs >= 60_000 || nowMs < budget.windowStartMs;
  const next = fresh ? { windowStartMs: nowMs, count: 1 } : { ...budget, count: budget.count + 1 };
  return { next, admit: next.count <= perMinute };
}
