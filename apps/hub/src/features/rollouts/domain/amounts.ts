import type { Amount } from './rollout.types.ts';

/** A count, or a percentage of `total` rounded down. Throws a RangeError for anything else. */
export function amountOf(amount: Amount, total: number): number {
  if (typeof amount === 'number') return amount;
  const share = /^(\d{1,3})%$/.exec(amount);
  if (!share) throw new RangeError(`not a count or a percentage: "${amount}"`);
  return Math.floor((total * Number(share[1])) / 100);
}

/** How many clusters may be in flight: at least one, or nothing would ever move. */
export function inFlightLimit(amount: Amount, requiredClusters: number): number {
  return Math.max(1, amountOf(amount, requiredClusters));
}
