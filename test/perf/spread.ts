/** Minimum, median, 90th percentile and maximum, rounded to hundredths. */
export function spread(values: readonly number[]): { min: number; p50: number; p90: number; max: number } {
  if (values.length === 0) throw new Error('no values to describe');
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0) * 100) / 100;
  return { min: at(0), p50: at(0.5), p90: at(0.9), max: at(1) };
}
