import type { Assignment, Deletion } from '@fairlead/shared/contracts';
import { jitteredBackoffMs } from '../../kube/pause.ts';
import type { ObjectRecord } from '../state/object-record.ts';
import { inventoryKey } from '../state/target-inventory.ts';
import type { TargetInventory } from '../state/target-inventory.ts';
import type { TargetState } from '../state/target-state.ts';
import type { TargetContext } from '../target-context.ts';
import type { TargetReporter } from '../target-reporter.ts';
import { actingFor } from '../tenancy/acting.ts';
import { deleteApp } from './app-deletion.ts';

const backoff = { firstMs: 1_000, mostMs: 30_000 };
const mostFailures = 20;

/** Lets one app go, step by step, and says how far that is. */
export class TargetDeletion {
  readonly #state: TargetState;
  readonly #inventory: TargetInventory;
  readonly #reporter: TargetReporter;
  readonly #context: TargetContext;
  #intentId: number | null = null;
  #startedAt = 0;
  #tries = 0;

  constructor(state: TargetState, inventory: TargetInventory, reporter: TargetReporter, context: TargetContext) {
    this.#state = state;
    this.#inventory = inventory;
    this.#reporter = reporter;
    this.#context = context;
  }

  /** Goes on with the deletion; gives when to come again in ms, null when there is nothing left to do. */
  async step(assignment: Assignment, signal: AbortSignal): Promise<number | null> {
    const { deletion } = assignment;
    if (deletion === null) return null;
    this.#begin(deletion);
    const outcome = await deleteApp(
      this.#state,
      { assignment, deletion, signal },
      actingFor(assignment.settings, this.#context),
    );
    signal.throwIfAborted();
    if (outcome.kind === 'done') {
      await this.#inventory.remove();
      // It may have been wanted again just now: then everything is made anew.
      signal.throwIfAborted();
      this.#state.clear();
      this.#context.ownershipChanged();
      this.#end('deleted');
      this.#context.log.info('the app is gone', { app: this.#state.app, policy: deletion.policy });
      return null;
    }
    if (outcome.kind === 'void') {
      const message = `nothing was deleted: the app has ${outcome.count} objects now, and they are not the set whose deletion was approved (this set: ${outcome.hash})`;
      const object = inventoryKey(this.#state.app, this.#context.agentNamespace);
      this.#state.problem = {
        kind: 'deletion',
        message,
        permanent: true,
        failures: [{ object, reason: 'DeletionVoid', message, pods: null }],
      };
      this.#end('failed');
      return null;
    }
    const isLate = deletion.policy === 'wait' && performance.now() - this.#startedAt >= deletion.timeoutMs;
    if (isLate && this.#state.phase !== 'failed') this.#late(deletion, outcome.left);
    this.#reporter.status();
    this.#tries += 1;
    const waitMs = backoff.firstMs + jitteredBackoffMs(this.#tries, backoff);
    const leftMs = this.#startedAt + deletion.timeoutMs - performance.now();
    return deletion.policy === 'wait' && leftMs > 0 ? Math.min(waitMs, leftMs) : waitMs;
  }

  #begin({ intentId }: Deletion): void {
    if (this.#intentId === intentId) return;
    this.#intentId = intentId;
    this.#startedAt = performance.now();
    this.#tries = 0;
  }

  #late({ timeoutMs }: Deletion, left: readonly ObjectRecord[]): void {
    const message = `${left.length} objects are still there after ${timeoutMs} ms; their deletion goes on`;
    const failures = left.slice(0, mostFailures).map(({ key, notice }) => ({
      object: key,
      reason: notice?.reason ?? 'StillThere',
      message: notice?.message ?? 'its turn comes when the objects before it are gone',
      pods: null,
    }));
    this.#state.problem = { kind: 'deletion', message, permanent: false, failures };
    this.#end('failed');
  }

  #end(phase: 'deleted' | 'failed'): void {
    this.#state.phase = phase;
    if (phase === 'deleted') this.#state.problem = null;
    this.#reporter.ack();
    this.#reporter.status();
  }
}
