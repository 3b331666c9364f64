/** Writes what people decide about one target outside any rollout. */
export interface TargetStore {
  /**
   * Lets the agent delete the set it holds back under the present assignment, which stays what it is. `other`: the agent does
   * not hold back that set, but `held` or nothing.
   */
  confirmPrune(request: {
    app: string;
    cluster: string;
    hash: string;
    reason: string | null;
    by: string;
  }): Promise<
    | { readonly outcome: 'confirmed' }
    | { readonly outcome: 'other'; readonly held: string | null }
    | { readonly outcome: 'no-target' }
  >;
}

export const TARGET_STORE = Symbol('TargetStore');
