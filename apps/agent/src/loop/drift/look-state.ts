/** What is remembered of an object between two looks at it. */
export interface LookState {
  /** The next look compares the whole object, although nothing says that it was touched. */
  isThorough: boolean;
  /** A watch says that it is gone, and nobody has looked since. */
  hasVanished: boolean;
  /** Newest version that a watch has told of. */
  newestVersion: string;
  /** What others had set besides us at the last look, as a hash; empty: nothing. Null: what the next answer says was seen. */
  foreignHash: string | null;
  /**
   * The state that was looked at, while the fields we own do not tell by themselves whether the object is as desired: drift
   * is open, or others hold fields of ours with the right value. Null: they tell.
   */
  seenHash: string | null;
  /** When values were put back, monotonic ms. */
  corrections: readonly number[];
  /** When only ownership was taken back, monotonic ms. */
  reclaims: readonly number[];
  /** Not before this time, monotonic ms: the server failed at the last look, or somebody keeps changing the object. */
  notBefore: number;
  /** Looks that failed, one after the other. */
  failures: number;
}

const none: readonly number[] = [];

export function newLookState(): LookState {
  return {
    isThorough: false,
    hasVanished: false,
    newestVersion: '',
    foreignHash: '',
    seenHash: null,
    corrections: none,
    reclaims: none,
    notBefore: 0,
    failures: 0,
  };
}
