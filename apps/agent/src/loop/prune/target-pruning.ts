import type { Assignment } from '@fairlead/shared/contracts';
import { jitteredBackoffMs } from '../../kube/pause.ts';
import type { TargetInventory } from '../state/target-inventory.ts';
import type { TargetState } from '../state/target-state.ts';
import type { TargetContext } from '../target-context.ts';
import type { TargetReporter } from '../target-reporter.ts';
import { actingFor } from '../tenancy/acting.ts';
import { runPrune } from './prune-run.ts';
import { TargetDeletion } from './target-deletion.ts';

const backoff = { firstMs: 2_000, mostMs: 60_000 };
const keptAgainMs = 5 * 60_000;
const never = Number.POSITIVE_INFINITY;

export interface PruningParts {
  readonly state: TargetState;
  readonly inventory: TargetInventory;
  readonly reporter: TargetReporter;
  readonly context: TargetContext;
  /** Stores how far the target is. */
  readonly save: () => Promise<void>;
}

/** When the objects of one target go that left it, and when the whole app goes. */
export class TargetPruning {
  /** Monotonic ms. */
  dueAt = never;
  readonly #parts: PruningParts;
  readonly #deletion: TargetDeletion;
  #tries = 0;

  constructor(parts: PruningParts) {
    this.#parts = parts;
    this.#deletion = new TargetDeletion(parts.state, parts.inventory, parts.reporter, parts.context);
  }

  get isDue(): boolean {
    return performance.now() >= this.dueAt;
  }

  /** Something happened that may let it go on. */
  dueWithin(ms: number): void {
    this.dueAt = Math.min(this.dueAt, performance.now() + ms);
  }

  /** Deletes what left the release, as far as that may go now. */
  async prune(assignment: Assignment, signal: AbortSignal): Promise<void> {
    const { state, inventory, reporter, context, save } = this.#parts;
    const acting = actingFor(assignment.settings, context);
    const again = await runPrune(state, { assignment, signal, beforeDeletes: save }, acting);
    signal.throwIfAborted();
    const backoffMs = backoff.firstMs + jitteredBackoffMs(this.#tries, backoff);
    this.#tries = again === 'soon' ? this.#tries + 1 : 0;
    this.#againIn(again === null ? null : again === 'soon' ? backoffMs : keptAgainMs);
    await inventory.save('settled');
    await save();
    context.ownershipChanged();
    reporter.status();
  }

  /** Goes on with the deletion of the app. */
  async deleteApp(assignment: Assignment, signal: AbortSignal): Promise<void> {
    const waitMs = await this.#deletion.step(assignment, signal);
    signal.throwIfAborted();
    this.#againIn(waitMs);
    await this.#parts.save();
  }

  #againIn(waitMs: number | null): void {
    this.dueAt = waitMs === null ? never : performance.now() + waitMs;
  }
}
