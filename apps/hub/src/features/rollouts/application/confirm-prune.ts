import type { ConfirmPrune as Wanted, TargetDetail } from '@fairlead/shared/contracts';
import { refusing, type Caller } from './caller.ts';
import { pruneNotHeld, targetNotFound } from './rollout.errors.ts';
import type { RolloutReader } from './rollout.reader.ts';
import type { RolloutStore } from './rollout.store.ts';
import type { TargetStore } from './target.store.ts';

/** A person agrees that exactly the set of objects which an agent holds back is deleted. */
export class ConfirmPrune {
  readonly #targets: TargetStore;
  readonly #reader: RolloutReader;
  readonly #store: RolloutStore;

  constructor(options: { targets: TargetStore; reader: RolloutReader; store: RolloutStore }) {
    this.#targets = options.targets;
    this.#reader = options.reader;
    this.#store = options.store;
  }

  /** Throws `target.not-found`, and `target.prune-not-held` when the agent holds back another set or none. */
  confirm(of: { app: string; cluster: string }, wanted: Wanted, caller: Pick<Caller, 'name'>): Promise<TargetDetail> {
    const { hash, reason = null } = wanted;
    const subject = `target:${of.app}/${of.cluster}`;
    return refusing(this.#store, { actor: caller.name, action: 'target.confirm-prune', subject }, async () => {
      const done = await this.#targets.confirmPrune({ ...of, hash, reason, by: caller.name });
      if (done.outcome === 'no-target') throw targetNotFound(of);
      if (done.outcome === 'other') throw pruneNotHeld({ ...of, hash, held: done.held });
      return this.#reader.getTarget(of);
    });
  }
}
