import type { Assignment } from '@fairlead/shared/contracts';
import type { Inventory } from '../../domain/inventory/inventory.ts';
import type { ObjectRecord } from '../state/object-record.ts';
import type { TargetInventory } from '../state/target-inventory.ts';
import type { TargetState } from '../state/target-state.ts';
import { actingFor } from '../tenancy/acting.ts';
import type { TargetContext } from '../target-context.ts';
import type { TargetReporter } from '../target-reporter.ts';
import type { Wake } from '../wake.ts';
import { applyStep } from './apply-step.ts';
import { hasMoved } from './blocking.ts';
import { nextRetryMs } from './retry-state.ts';

const never = Number.POSITIVE_INFINITY;
const hookPollMs = { first: 200, most: 2_000 };

export interface ApplyCycleParts {
  readonly state: TargetState;
  readonly reporter: TargetReporter;
  readonly wake: Wake;
  readonly context: TargetContext;
  readonly inventory: TargetInventory;
  /** Makes inventory and progress durable. */
  readonly save: (state: Inventory['state']) => Promise<void>;
  readonly onApplied: (record: ObjectRecord, wasApplied: boolean) => void;
}

/** When a target is applied, and what is said about it. */
export class ApplyCycle {
  readonly #parts: ApplyCycleParts;
  #at = never;
  #tries = 0;
  #polls = 0;

  constructor(parts: ApplyCycleParts) {
    this.#parts = parts;
  }

  /** Applies with the next turn of the loop, or after this time. */
  request(afterMs = 0): void {
    this.#at = Math.min(this.#at, performance.now() + afterMs);
    // Timers may be a little early.
    this.#parts.wake.within(afterMs === 0 ? 0 : afterMs + 10);
  }

  /** Begins anew for another assignment. */
  reset(isWanted: boolean): void {
    this.#at = isWanted ? 0 : never;
    this.#tries = 0;
    this.#polls = 0;
  }

  /** When the next run is due, monotonic ms. */
  get at(): number {
    return this.#at;
  }

  get isDue(): boolean {
    return performance.now() >= this.#at;
  }

  /** Goes on when what objects wait for has changed. */
  followHealth(): void {
    if (hasMoved(this.#parts.state.blockages)) this.request();
  }

  async run(assignment: Assignment, signal: AbortSignal): Promise<void> {
    const { state, reporter, inventory, context, save, onApplied } = this.#parts;
    const wasApplied = state.phase === 'applied' && state.appliedDigest === assignment.digest;
    if (!wasApplied) state.succeeded = false;
    const hooks = {
      beforeWrites: async () => {
        state.neverMade.clear();
        await save('applying');
        reporter.status();
      },
      onApplied: (record: ObjectRecord) => {
        onApplied(record, wasApplied);
      },
    };
    const acting = actingFor(assignment.settings, context);
    const outcome = await applyStep(state, { assignment, signal, hooks }, acting);
    if (outcome === 'applied') {
      this.#at = never;
      this.#tries = 0;
      state.phase = 'applied';
      state.appliedDigest = assignment.digest;
      reporter.ack();
      const { counter, digest } = assignment;
      context.log.info('applied', { app: state.app, counter, digest, objects: state.desired().length });
      await save('settled');
    } else if (outcome === 'waiting') {
      this.#at = never;
      if (state.hooks.mayMove('before', assignment)) this.request(this.#pollMs());
    } else {
      this.#at = never;
      const waitMs = nextRetryMs([...state.desired(), ...state.refused], this.#tries);
      this.#tries += 1;
      if (Number.isFinite(waitMs)) this.request(waitMs);
      else if (state.blockages.length === 0) {
        // What was never made may be left out only when nothing of it is tried again.
        await inventory.leaveOutNeverMade(acting.kube);
        await save('applying');
        signal.throwIfAborted();
      }
      // What was acknowledged once stays so; that an object cannot be put back now is a matter of health.
      if (!wasApplied) {
        state.phase = 'failed';
        reporter.ack();
      }
    }
    context.ownershipChanged();
  }

  #pollMs(): number {
    this.#polls += 1;
    return Math.min(hookPollMs.most, hookPollMs.first * 1.5 ** Math.min(this.#polls, 20));
  }
}
