import { addressBucket, AttemptWindow } from '../domain/attempt-window.ts';

export interface Refusal {
  /** Principal name, or `anonymous`. */
  actor: string;
  action: 'access.denied' | 'access.unauthenticated';
  /** `route:<method> <path>` */
  subject: string;
  reason: string;
  address: string;
}

/** Where refusals are written: the ledger, in a transaction of their own. */
export interface RefusalStore {
  write(refusal: Refusal): Promise<void>;
}

/**
 * Writes refusals to the ledger, but never more than a few per caller and minute, nor more than `limitPerMinute` in all:
 * the ledger cannot be shortened, so nobody without a role may make it grow at will. Callers without a name have a limit of
 * their own, so that a flood of theirs hides nothing that a named one tried.
 */
export class RefusalLog {
  readonly #store: RefusalStore;
  readonly #perCaller = new AttemptWindow({ limit: 10, windowMs: 60_000, maxKeys: 10_000 });
  readonly #overall: AttemptWindow;

  constructor(options: { store: RefusalStore; limitPerMinute: number }) {
    this.#store = options.store;
    this.#overall = new AttemptWindow({ limit: options.limitPerMinute, windowMs: 60_000, maxKeys: 2 });
  }

  async record(refusal: Refusal, nowMs: number): Promise<void> {
    const isAnonymous = refusal.actor === 'anonymous';
    const caller = isAnonymous ? addressBucket(refusal.address) : `principal:${refusal.actor}`;
    if (!this.#perCaller.take(caller, nowMs)) return;
    if (!this.#overall.take(isAnonymous ? 'anonymous' : 'named', nowMs)) return;
    await this.#store.write(refusal);
  }
}
