import type { Assignment } from '@fairlead/shared/contracts';
import { judgeAssignment } from '../domain/assignment-rule.ts';
import type { Inventory } from '../domain/inventory/inventory.ts';
import { isMarkedFor } from '../domain/marks.ts';
import type { ObjectMeta } from '../kube/object-meta.ts';
import { jitteredBackoffMs } from '../kube/pause.ts';
import type { Resource } from '../kube/resource.ts';
import { errorFields } from '../logger.ts';
import { applyStep } from './apply/apply-step.ts';
import { nextRetryMs } from './apply/retry-state.ts';
import { checkDrift } from './drift/drift-check.ts';
import type { ClosedDrift } from './drift/drift-check.ts';
import { checkHealth, healthIsDue } from './health/health-check.ts';
import { isNewer, noRetry } from './state/object-record.ts';
import type { ObjectRecord } from './state/object-record.ts';
import type { Progress } from './state/progress-store.ts';
import { runPrune } from './prune/prune-run.ts';
import type { TargetContext } from './target-context.ts';
import { TargetReporter } from './target-reporter.ts';
import { TargetState } from './state/target-state.ts';
import { Wake } from './wake.ts';

const retryBackoff = { firstMs: 500, mostMs: 10_000 };
const pruneBackoff = { firstMs: 2_000, mostMs: 60_000 };
const never = Number.POSITIVE_INFINITY;

/**
 * One app on this cluster: takes assignments, applies them, watches what became of them, prunes, corrects drift. A single
 * loop does one thing after the other; what happens outside only leaves a mark and wakes it.
 */
export class Target {
  readonly state: TargetState;
  readonly #context: TargetContext;
  readonly #reporter: TargetReporter;
  readonly #wake = new Wake();
  #run = new AbortController();
  #applyAt = never;
  #pruneAt = never;
  #tries = 0;
  #pruneTries = 0;
  #dirty = false;
  #inventoryText = '';

  constructor(app: string, context: TargetContext) {
    this.state = new TargetState(app);
    this.#context = context;
    this.#reporter = new TargetReporter(this.state, context.report);
  }

  restore(progress: Progress | null, inventory: Inventory | null): void {
    this.state.restore(progress, inventory);
    this.#inventoryText = JSON.stringify(inventory === null ? null : this.state.inventory());
    // Also when it was applied whole: the watches have to start, and what changed meanwhile has to be found.
    if (progress?.assignment.mode === 'reconcile') this.#applyAt = 0;
    this.#pruneAt = 0;
  }

  /** Takes an assignment of the hub. */
  assign(assignment: Assignment): void {
    const verdict = judgeAssignment(this.state.assignment, assignment);
    if (verdict === 'ignore') return;
    this.#reporter.forgetStatus();
    if (verdict === 'confirm' && this.state.assignment !== null) {
      this.state.assignment = { ...this.state.assignment, confirmedPrune: assignment.confirmedPrune };
      this.#pruneAt = 0;
      this.#dirty = true;
    }
    if (verdict === 'adopt') {
      this.#run.abort(new Error('a newer assignment came'));
      this.#run = new AbortController();
      this.state.assignment = assignment;
      this.state.phase =
        assignment.mode === 'frozen' && assignment.digest === this.state.appliedDigest ? 'applied' : 'received';
      this.state.pruneHold = null;
      this.#applyAt = assignment.mode === 'reconcile' ? 0 : never;
      this.#pruneAt = 0;
      this.#tries = 0;
      // Somebody wants it now, also where waiting was the plan.
      for (const record of this.state.records.values()) record.retry = noRetry;
      this.#dirty = true;
    }
    this.#reporter.ack();
    this.#wake.now();
  }

  /** A watch saw an object of ours. When it is newer than what we know, it may have drifted or changed its health. */
  observe(record: ObjectRecord, meta: ObjectMeta): void {
    if (record.appliedHash === null || !isNewer(meta.resourceVersion, record.resourceVersion)) return;
    const isMarked = isMarkedFor(this.state.app, record.id, meta, this.#context.agentNamespace);
    const isUntouched = isMarked && meta.uid === record.uid && meta.ownedSetHash === record.ownedSetHash;
    // With open drift every change may be the one that ends it.
    if (!isUntouched || record.drift.size > 0) this.#suspect(record);
    else record.resourceVersion = meta.resourceVersion;
    const waitMs = healthIsDue(record, performance.now());
    if (waitMs !== null) this.#wake.within(waitMs);
  }

  /** A watch says that an object is gone (or lost our label: the look at it decides). */
  vanished(record: ObjectRecord): void {
    if (record.desired === null) {
      this.#pruneAt = Math.min(this.#pruneAt, performance.now() + 50);
      this.#wake.within(50);
    } else if (record.appliedHash !== null) this.#suspect(record);
  }

  /** The loop of this target; ends with the signal. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = () => {
      this.#run.abort(new Error('the agent stops'));
      this.#wake.stop();
    };
    signal.addEventListener('abort', stop, { once: true });
    for (;;) {
      await this.#wake.wait();
      if (signal.aborted) break;
      const run = this.#run;
      try {
        await this.#step(run.signal);
      } catch (error) {
        if (signal.aborted) break;
        if (run.signal.aborted) {
          this.#wake.now();
          continue;
        }
        const waitMs = 200 + jitteredBackoffMs(this.#tries, retryBackoff);
        this.#tries += 1;
        this.#context.log.warn('a target is not further', {
          app: this.state.app,
          ...errorFields(error),
          waitMs: Math.round(waitMs),
        });
        this.#wake.within(waitMs);
      }
    }
    if (this.#dirty) await this.#save();
  }

  async #step(signal: AbortSignal): Promise<void> {
    const { assignment } = this.state;
    if (assignment === null) return;
    if (this.#dirty) await this.#save();
    if (performance.now() >= this.#applyAt) await this.#apply(assignment, signal);
    await this.#attach();
    await this.#drift(assignment, signal);
    const suspects = this.#suspects().length;
    const nextLookMs = await checkHealth(this.state.desired(), this.#context);
    if (nextLookMs !== null) this.#wake.within(nextLookMs);
    // The look may have found an object missing.
    if (this.#suspects().length > suspects) this.#wake.now();
    signal.throwIfAborted();
    const health = this.#reporter.status();
    if (health === 'healthy' && this.state.phase === 'applied' && !this.state.succeeded) {
      this.state.succeeded = true;
      this.#dirty = true;
    }
    const mayPrune = health === 'healthy' && this.state.phase === 'applied' && assignment.mode === 'reconcile';
    if (mayPrune && performance.now() >= this.#pruneAt) await this.#prune(assignment);
    if (this.#dirty) await this.#save();
  }

  async #apply(assignment: Assignment, signal: AbortSignal): Promise<void> {
    const { state } = this;
    const wasApplied = state.phase === 'applied' && state.appliedDigest === assignment.digest;
    if (!wasApplied) state.succeeded = false;
    const outcome = await applyStep(
      state,
      {
        assignment,
        signal,
        hooks: {
          beforeWrites: async () => {
            this.#context.ownershipChanged();
            await this.#saveInventory();
            await this.#save();
            this.#reporter.status();
          },
          onApplied: (record) => {
            this.#afterApply(record, wasApplied ? 'corrected' : 'superseded');
          },
        },
      },
      this.#context,
    ).finally(() => {
      this.#dirty = true;
    });
    if (outcome === 'applied') {
      this.#applyAt = never;
      this.#tries = 0;
      state.phase = 'applied';
      state.appliedDigest = assignment.digest;
      this.#reporter.ack();
      const { counter, digest } = assignment;
      this.#context.log.info('applied', { app: state.app, counter, digest, objects: state.desired().length });
      await this.#saveInventory();
    } else {
      const waitMs = nextRetryMs([...state.desired(), ...state.refused], this.#tries);
      this.#tries += 1;
      this.#applyAt = performance.now() + waitMs;
      if (Number.isFinite(waitMs)) this.#wake.within(waitMs + 10);
      // What was acknowledged once stays so; that an object cannot be put back now is a matter of health.
      if (!wasApplied) {
        state.phase = 'failed';
        this.#reporter.ack();
      }
    }
    this.#context.ownershipChanged();
  }

  /** Kinds and watches of objects that were known before this process began, also when nothing is to be applied. */
  async #attach(): Promise<void> {
    const resources = new Set<Resource>();
    for (const record of this.state.desired()) {
      if (record.resource === null && record.failure === null) {
        record.resource = (await this.#context.kube.discover(record.apiVersion)).get(record.id.kind) ?? null;
      }
      if (record.resource !== null) resources.add(record.resource);
    }
    for (const resource of resources) await this.#context.watches.ensure(resource);
  }

  async #drift(assignment: Assignment, signal: AbortSignal): Promise<void> {
    const suspects = this.#suspects();
    if (assignment.settings.driftMode === 'off') for (const record of suspects) record.suspect = false;
    if (suspects.length === 0 || assignment.settings.driftMode === 'off') return;
    const now = performance.now();
    for (const record of suspects) if (record.correctAfter > now) this.#wake.within(record.correctAfter - now);
    const ready = suspects.filter((record) => record.correctAfter <= now || record.drift.size === 0);
    if (ready.length === 0 || this.state.plannedDigest === null) return;
    const snapshot = await this.#context.snapshots.find(this.state.plannedDigest);
    if (snapshot === null) return;
    const reader = await this.#context.snapshots.reader(snapshot);
    this.#dirty = true;
    try {
      const nextMs = await checkDrift(
        ready,
        {
          assignment,
          reader,
          signal,
          opened: (items) => {
            this.#reporter.drift(items, []);
          },
          closed: (items) => {
            this.#reporter.drift([], items);
          },
        },
        this.#context,
      );
      if (nextMs !== null) this.#wake.within(nextMs);
    } finally {
      await reader.close();
      // A correction that did not get through leaves an object that has to be applied again.
      if (
        assignment.mode === 'reconcile' &&
        ready.some((record) => record.appliedHash === null && record.failure?.permanent !== true)
      ) {
        this.#applyAt = Math.min(this.#applyAt, now + 1_000);
        this.#wake.within(1_000);
      }
    }
  }

  async #prune(assignment: Assignment): Promise<void> {
    const { state } = this;
    if ([...state.records.values()].every((record) => record.desired !== null)) {
      this.#pruneAt = never;
      state.pruneHold = null;
      return;
    }
    const { gone, held, unfinished } = await runPrune(
      {
        app: state.app,
        settings: assignment.settings,
        confirmedPrune: assignment.confirmedPrune,
        records: state.records,
      },
      this.#context,
    );
    for (const key of gone) state.records.delete(key);
    state.pruneHold = held;
    const waitMs = pruneBackoff.firstMs + jitteredBackoffMs(this.#pruneTries, pruneBackoff);
    this.#pruneTries = unfinished ? this.#pruneTries + 1 : 0;
    this.#pruneAt = unfinished ? performance.now() + waitMs : never;
    if (unfinished) this.#wake.within(waitMs + 10);
    if (gone.length > 0) {
      this.#dirty = true;
      await this.#saveInventory();
      this.#context.ownershipChanged();
    }
    this.#reporter.status();
  }

  #suspects(): ObjectRecord[] {
    return this.state.desired().filter((record) => record.suspect);
  }

  #suspect(record: ObjectRecord): void {
    record.suspect = true;
    this.#wake.now();
  }

  /** What was open on an object that has just been written is put back, or history when it was written for a new digest. */
  #afterApply(record: ObjectRecord, outcome: ClosedDrift['outcome']): void {
    const now = performance.now();
    record.healthDueAt = record.health.state === 'current' ? null : now + 100;
    if (record.drift.size === 0) return;
    const at = new Date().toISOString();
    this.#reporter.drift(
      [],
      [...record.drift.keys()].map((path) => ({ object: record.key, path, outcome, at })),
    );
    record.drift.clear();
  }

  async #saveInventory(): Promise<void> {
    const inventory = this.state.inventory();
    const text = JSON.stringify(inventory);
    if (text === this.#inventoryText) return;
    this.#context.assertMayWrite();
    await this.#context.inventories.save(inventory);
    this.#inventoryText = text;
  }

  async #save(): Promise<void> {
    this.#dirty = false;
    const progress = this.state.progress();
    if (progress !== null) await this.#context.progress.save(progress);
  }
}
