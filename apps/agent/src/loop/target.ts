import type { Assignment, TargetHealth } from '@fairlead/shared/contracts';
import { judgeAssignment } from '../domain/assignment-rule.ts';
import type { Inventory } from '../domain/inventory/inventory.ts';
import type { ObjectMeta } from '../kube/object-meta.ts';
import { jitteredBackoffMs } from '../kube/pause.ts';
import { errorFields } from '../logger.ts';
import { nextTurnInMs } from './appointments.ts';
import { ApplyCycle } from './apply/apply-cycle.ts';
import { noteLivePolicy } from './apply/left-alone.ts';
import { endContentions } from './drift/correct.ts';
import { checkDrift } from './drift/drift-check.ts';
import type { ClosedDrift } from './drift/drift-check.ts';
import { suspectsOfSettings } from './drift/settings-change.ts';
import { isTouched, noteVersion } from './drift/touch.ts';
import { checkHealth, healthIsDue } from './health/health-check.ts';
import { followRules, ruleNotices } from './health/follow-rules.ts';
import { current } from '../domain/health/object-health.ts';
import { explainFailures } from './health/pod-reports.ts';
import { takeBackHealth } from './health/silence.ts';
import { runLateHooks } from './hooks/late-hooks.ts';
import { isNewer, noRetry, policyOf } from './state/object-record.ts';
import type { ObjectRecord } from './state/object-record.ts';
import type { Progress } from './state/progress-store.ts';
import { isOfSameTerm, TargetInventory } from './state/target-inventory.ts';
import { actingFor } from './tenancy/acting.ts';
import { TargetPruning } from './prune/target-pruning.ts';
import type { TargetContext } from './target-context.ts';
import { TargetReporter } from './target-reporter.ts';
import { TargetState } from './state/target-state.ts';
import { Wake } from './wake.ts';
import { attachWatches } from './watch/attach-watches.ts';

const retryBackoff = { firstMs: 500, mostMs: 10_000 };
const refusedAgainMs = 10_000;

/**
 * One app on this cluster: takes assignments, applies them, watches what became of them, prunes, corrects drift. A single
 * loop does one thing after the other; what happens outside only leaves a mark and wakes it.
 */
export class Target {
  readonly state: TargetState;
  readonly #context: TargetContext;
  readonly #reporter: TargetReporter;
  readonly #inventory: TargetInventory;
  readonly #pruning: TargetPruning;
  readonly #wake = new Wake();
  readonly #cycle: ApplyCycle;
  #run = new AbortController();
  #breakdowns = 0;
  #dirty = false;
  /** What is on disk may be from before another agent worked here: nothing is done before the hub has spoken. */
  #awaitsHub = false;

  constructor(app: string, context: TargetContext) {
    this.state = new TargetState(app);
    this.#context = context;
    this.#reporter = new TargetReporter(this.state, context.report);
    this.#inventory = new TargetInventory(this.state, context);
    const { state } = this;
    const save = () => this.#save();
    this.#pruning = new TargetPruning({ state, inventory: this.#inventory, reporter: this.#reporter, context, save });
    this.#cycle = new ApplyCycle({
      state: this.state,
      reporter: this.#reporter,
      inventory: this.#inventory,
      wake: this.#wake,
      context,
      save: (state) => this.#saveAll(state),
      onApplied: (record, wasApplied) => {
        this.#afterApply(record, wasApplied ? 'corrected' : 'superseded');
      },
    });
  }

  restore(progress: Progress | null, inventory: Inventory | null): void {
    if (progress !== null) this.state.restore(progress);
    if (inventory !== null) this.#inventory.restore(inventory);
    if (progress === null || progress.phase === 'deleted') return;
    this.#awaitsHub = progress.objects.length > 0 && !isOfSameTerm(progress, inventory);
    if (this.#awaitsHub) {
      this.#context.log.warn('another agent may have worked here since: the app waits for the hub', {
        app: this.state.app,
      });
    }
    // Also when it was applied whole: the watches have to start, and what changed meanwhile has to be found.
    if (progress.assignment.mode === 'reconcile') this.#cycle.request();
    this.#pruning.dueAt = 0;
  }

  /** Takes an assignment of the hub. */
  assign(assignment: Assignment): void {
    const verdict = judgeAssignment(this.state.assignment, assignment);
    if (verdict === 'ignore') return;
    this.#reporter.forgetStatus();
    if (verdict === 'confirm' && this.state.assignment !== null) {
      this.state.assignment = { ...this.state.assignment, confirmedPrune: assignment.confirmedPrune };
      this.#pruning.dueAt = 0;
      this.#dirty = true;
    }
    if (verdict === 'adopt') {
      for (const record of suspectsOfSettings(this.state, assignment.settings)) this.lookClosely(record);
      this.#run.abort(new Error('a newer assignment came'));
      this.#run = new AbortController();
      followRules(this.state, assignment.settings);
      this.state.begin(assignment);
      this.#cycle.reset(assignment.mode === 'reconcile');
      this.#pruning.dueAt = 0;
      // Somebody wants it now, also where waiting was the plan.
      for (const record of this.state.records.values()) record.retry = noRetry;
      this.#dirty = true;
    }
    this.#awaitsHub = false;
    this.#reporter.ack();
    this.#wake.now();
  }

  /** A watch saw an object of ours. When it is newer than what we know, it may have drifted or changed its health. */
  observe(record: ObjectRecord, meta: ObjectMeta): void {
    if (this.state.hooks.has(record.key)) {
      this.#hookMoved();
      return;
    }
    if (noteLivePolicy(record, meta) === 'ended' && record.desired !== null) {
      record.appliedHash = null;
      this.#cycle.request();
    }
    noteVersion(record, meta);
    if (record.appliedHash === null || !isNewer(meta.resourceVersion, record.resourceVersion)) return;
    if (!this.#watchesDrift() || !isTouched(record, meta, this.state.app, this.#context.agentNamespace))
      record.resourceVersion = meta.resourceVersion;
    else this.#suspect(record);
    const settings = this.state.assignment?.settings;
    const waitMs = settings === undefined ? null : healthIsDue(record, settings, performance.now());
    if (waitMs !== null) this.#wake.within(waitMs);
  }

  /** What waits for a hook goes on at once, not only with the next look at it. */
  #hookMoved(): void {
    const { assignment, hooks } = this.state;
    if (assignment?.mode === 'reconcile' && hooks.mayMove('before', assignment)) this.#cycle.request();
    this.#wake.now();
  }

  /** A watch says that an object is gone (or lost our label: the look at it decides). */
  vanished(record: ObjectRecord): void {
    if (this.state.hooks.has(record.key)) this.#hookMoved();
    else if (record.desired === null) {
      record.appliedHash = null;
      this.#pruning.dueWithin(50);
      this.#wake.within(50);
      return;
    }
    record.look.hasVanished = true;
    if (record.appliedHash === null) return;
    if (record.memory.vanishes) {
      record.health = current;
      this.#wake.now();
      return;
    }
    // Also where nothing is put back: what is not there is not healthy.
    record.healthDueAt = 0;
    if (this.#watchesDrift()) record.suspect = true;
    this.#wake.now();
  }

  #watchesDrift(): boolean {
    return this.state.assignment?.settings.driftMode !== 'off';
  }

  /** Has the object compared whole, whatever the watch says. */
  lookClosely(record: ObjectRecord): void {
    if (record.desired === null || record.appliedHash === null) return;
    record.look.isThorough = true;
    this.#suspect(record);
  }

  /** What kept an object from being applied may be over. */
  retry(record: ObjectRecord): void {
    if (record.failure === null || this.state.assignment?.mode !== 'reconcile') return;
    record.retry = noRetry;
    this.#cycle.request(0);
    this.#wake.now();
  }

  /** Something that all apps of the cluster share has changed. */
  wake(): void {
    this.#wake.now();
  }

  /** The API server has not been heard of for long. */
  apiSilent(since: string): void {
    const { assignment } = this.state;
    if (assignment === null || !takeBackHealth(this.state.desired(), assignment.settings.health, since)) return;
    this.#reporter.status();
    this.#wake.now();
  }

  /** The loop of this target; ends with the signal. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = () => {
      this.#run.abort(new Error('the agent stops'));
      this.#wake.stop();
    };
    signal.addEventListener('abort', stop, { once: true });
    for (let turnAt = 0; ;) {
      this.#keepAppointments(turnAt);
      await this.#wake.wait();
      if (signal.aborted) break;
      turnAt = performance.now();
      const run = this.#run;
      try {
        await this.#step(run.signal);
        this.#breakdowns = 0;
      } catch (error) {
        if (signal.aborted) break;
        if (run.signal.aborted) {
          this.#wake.now();
          continue;
        }
        const waitMs = 200 + jitteredBackoffMs(this.#breakdowns, retryBackoff);
        this.#breakdowns += 1;
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

  /** An earlier wake-up may have taken the place of these. */
  #keepAppointments(turnAt: number): void {
    const waitMs = nextTurnInMs([this.#cycle.at, this.#pruning.dueAt], turnAt, performance.now());
    if (waitMs !== null) this.#wake.within(waitMs);
  }

  async #step(signal: AbortSignal): Promise<void> {
    const { assignment } = this.state;
    if (assignment === null) return;
    if (this.#dirty) await this.#save();
    if (this.#awaitsHub || this.state.phase === 'deleted') return;
    if (assignment.mode !== 'frozen' && !(await this.#openInventory())) return;
    if (assignment.mode === 'delete') {
      if (this.#pruning.isDue) await this.#pruning.deleteApp(assignment, signal);
      return;
    }
    if (this.#cycle.isDue && assignment.mode === 'reconcile') {
      this.#dirty = true;
      await this.#cycle.run(assignment, signal);
    }
    await attachWatches(this.state, this.#context);
    await this.#drift(assignment, signal);
    const suspects = this.#suspects().length;
    this.state.ruleNotices = await ruleNotices(assignment.settings.health);
    const nextLookMs = await checkHealth(this.state.desired(), assignment.settings, this.#acting(assignment));
    if (nextLookMs !== null) this.#wake.within(nextLookMs);
    await explainFailures(this.state.desired(), this.#acting(assignment));
    // The look may have found an object missing.
    if (this.#suspects().length > suspects) this.#wake.now();
    signal.throwIfAborted();
    this.#cycle.followHealth();
    const health = await this.#afterLook(assignment, signal);
    if (health === 'healthy' && this.state.phase === 'applied' && !this.state.succeeded) {
      this.state.succeeded = true;
      this.#dirty = true;
    }
    const mayPrune = health === 'healthy' && this.state.phase === 'applied' && assignment.mode === 'reconcile';
    if (mayPrune && this.#pruning.isDue) await this.#pruning.prune(assignment, signal);
    if (this.#dirty) await this.#save();
  }

  /** Says how the app is, and runs the hooks for which it is time. */
  async #afterLook(assignment: Assignment, signal: AbortSignal): Promise<TargetHealth> {
    const whole = this.#reporter.status();
    const save = () => this.#saveAll('applying');
    const objects = this.#reporter.objectsHealth();
    const nextMs = await runLateHooks(
      this.state,
      { assignment, signal, save, objects, whole },
      this.#acting(assignment),
    );
    if (nextMs === null) return whole;
    this.#wake.within(nextMs);
    return this.#reporter.status();
  }

  async #drift(assignment: Assignment, signal: AbortSignal): Promise<void> {
    const calmMs = endContentions(this.state.records.values());
    if (calmMs !== null) this.#wake.within(calmMs);
    const suspects = this.#suspects();
    if (assignment.settings.driftMode === 'off') for (const record of suspects) record.suspect = false;
    if (suspects.length === 0 || assignment.settings.driftMode === 'off') return;
    const now = performance.now();
    for (const { look } of suspects) if (look.notBefore > now) this.#wake.within(look.notBefore - now);
    const ready = suspects.filter(({ look }) => look.notBefore <= now);
    if (ready.length === 0 || this.state.plannedDigest === null) return;
    const snapshot = await this.#context.snapshots.find(this.state.plannedDigest);
    if (snapshot === null) return;
    const reader = await this.#context.snapshots.reader(snapshot);
    this.#dirty = true;
    try {
      await checkDrift(
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
        this.#acting(assignment),
      );
    } finally {
      await reader.close();
      // Also those that changed while they were looked at, and those that have to wait.
      for (const { look } of this.#suspects()) this.#wake.within(Math.max(0, look.notBefore - performance.now()));
      // A correction that did not get through leaves an object that has to be applied again.
      if (
        assignment.mode === 'reconcile' &&
        ready.some((record) => record.appliedHash === null && record.failure?.permanent !== true)
      ) {
        this.#cycle.request(1_000);
      }
    }
  }

  /** False: the list of what the app has is not ours to write, so nothing else is written either. */
  async #openInventory(): Promise<boolean> {
    const { state } = this;
    if (await this.#inventory.open()) return true;
    if (state.phase === 'received') {
      state.phase = 'failed';
      this.#reporter.ack();
    }
    this.#reporter.status();
    this.#wake.within(refusedAgainMs);
    return false;
  }

  #acting({ settings }: Assignment): TargetContext {
    return actingFor(settings, this.#context);
  }

  #suspects(): ObjectRecord[] {
    return this.state.desired().filter((record) => record.suspect && policyOf(record) === 'normal');
  }

  #suspect(record: ObjectRecord): void {
    record.suspect = true;
    this.#wake.now();
  }

  /** What was open on an object that has just been written is put back, or history when it was written for a new digest. */
  #afterApply(record: ObjectRecord, outcome: ClosedDrift['outcome']): void {
    // What others set besides is not what was written.
    const paths = [...record.drift.values()].filter(({ change }) => change !== 'unmanaged').map(({ path }) => path);
    if (paths.length === 0) return;
    const at = new Date().toISOString();
    this.#reporter.drift(
      [],
      paths.map((path) => ({ object: record.key, path, outcome, at })),
    );
    for (const path of paths) record.drift.delete(path);
  }

  /** Makes durable what the app has, or may have, and how far it is. */
  async #saveAll(state: Inventory['state']): Promise<void> {
    this.#context.ownershipChanged();
    await this.#inventory.save(state);
    await this.#save();
  }

  async #save(): Promise<void> {
    this.#dirty = false;
    const progress = this.state.progress();
    if (progress !== null) await this.#context.progress.save(progress);
  }
}
