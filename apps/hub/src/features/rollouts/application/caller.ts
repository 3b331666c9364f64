import { AppError, messageOf } from '@fairlead/shared/kernel';
import type { RepeatableRequest, RolloutStore } from './rollout.store.ts';

/** Who asks, and under which idempotency key. */
export interface Caller {
  readonly name: string;
  readonly repeatable: RepeatableRequest | null;
}

/** Does `work`; when it is refused, the ledger says so, in a transaction of its own. */
export async function refusing<T>(
  store: RolloutStore,
  attempt: { actor: string; action: string; subject: string },
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError && (error.kind === 'conflict' || error.kind === 'invalid')) {
      const why = error.details['refusal'] ?? error.details['blocked'];
      const reason = typeof why === 'string' ? why : Array.isArray(why) ? why.join('; ') : messageOf(error);
      await store.recordRefusal({ ...attempt, reason });
    }
    throw error;
  }
}
