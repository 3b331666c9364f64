/** A step of getting the programs of the bed. */
export interface BinariesProgress {
  readonly state: 'waiting' | 'fetching' | 'building' | 'built';
  /** The program, or for `waiting` and `fetching` what is waited for. */
  readonly subject: string;
  /** Position among the wanted programs, from 1. */
  readonly index: number;
  readonly total: number;
  readonly elapsedMs: number;
}

/** One short line for a person: `kube-apiserver, 2 of 6 … 3m12s`. */
export function describeProgress(progress: BinariesProgress): string {
  const time = describeDuration(progress.elapsedMs);
  if (progress.state === 'waiting') return `${progress.subject} is building the same … ${time}`;
  if (progress.state === 'fetching') return `looking for a published ${progress.subject} … ${time}`;
  const place = `${progress.subject}, ${progress.index} of ${progress.total}`;
  return progress.state === 'built' ? `${place}, built in ${time}` : `${place} … ${time}`;
}

/** `48s`, `3m12s`. */
export function describeDuration(elapsedMs: number): string {
  const seconds = Math.floor(elapsedMs / 1_000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, '0')}s`;
}
