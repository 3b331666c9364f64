import { decide } from '../domain/decide.ts';
import { isTerminal } from '../domain/rollout.machine.ts';
import type { AssignEffect, Effect } from '../domain/rollout.effects.ts';
import { targetKey, type Rollout, type Target, type TargetKey } from '../domain/rollout.types.ts';
import type { SimulatedGroup } from './simulated-group.ts';

const begun: ReadonlySet<string> = new Set(['assigned', 'received', 'applied', 'healthy']);

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`invariant broken: ${what}`);
}

/**
 * Checks every decision against the invariants, from what is assigned and what agents really applied, not from the
 * machine's own bookkeeping where that can be avoided.
 */
export class InvariantKeeper {
  /** What a target had when a rollout first touched it, by `rollout:target`. */
  readonly #before = new Map<string, string | null>();
  readonly #counters = new Map<TargetKey, number>();

  check(fleet: SimulatedGroup, before: Rollout, after: Rollout, effects: readonly Effect[]): void {
    const assigns = effects.filter((effect) => effect.type === 'assign');
    if (isTerminal(before.state) && before.state !== 'rollbackFailed') {
      must(after === before && effects.length === 0, `terminal ${before.state} absorbs`);
    }
    for (const assign of assigns) this.#checkAssign(fleet, before, after, assign);
    for (const wave of after.waves) {
      const old = before.waves.find((candidate) => candidate.ordinal === wave.ordinal);
      if (wave.state === 'passed' && old?.state !== 'passed') this.#checkPassed(fleet, after, wave.ordinal);
    }
    this.#checkRoom(before, after, assigns);
    this.#checkBudget(before, after, assigns);
    this.#checkSilence(fleet, before, after);
    if (after.state === 'superseded')
      must(!after.targets.some((target) => begun.has(target.state)), 'in-flight targets finish');
    if (after.state === 'succeeded')
      must(!after.targets.some((target) => begun.has(target.state)), 'nothing in flight at the end');
    const active = fleet.rollouts.filter((rollout) => rollout.id !== after.id && !isTerminal(rollout.state));
    must(active.length === 0, 'at most one rollout of a group is not over');
    if (isTerminal(after.state)) {
      const again = decide(after, fleet.world(after, null), fleet.now);
      must(again.next === after && again.effects.length === 0, 'deciding about what is over changes nothing');
    }
  }

  #checkAssign(fleet: SimulatedGroup, before: Rollout, after: Rollout, assign: AssignEffect): void {
    const key = targetKey(assign);
    const origin = `${before.id}:${key}`;
    must(assign.counter > (this.#counters.get(key) ?? 0), 'counters only grow');
    this.#counters.set(key, assign.counter);
    if (assign.mode === 'reconcile') {
      must(!fleet.quarantined.has(`${key}@${assign.digest}`), 'quarantined content is never assigned');
    }
    const isWayBack = after.state === 'rollingBack' || after.state === 'rolledBack' || after.state === 'rollbackFailed';
    const isForward =
      assign.mode === 'reconcile' && assign.releaseId === before.releaseId && before.state !== 'rollingBack';
    must(isForward || isWayBack, 'an assignment comes from a running rollout or a rollback');
    if (isForward) {
      if (!this.#before.has(origin)) {
        const current = fleet.assignments.get(key);
        this.#before.set(origin, current?.mode === 'reconcile' ? current.digest : null);
      }
      const wave = after.targets.find((target) => targetKey(target) === key)?.wave ?? -1;
      const earlier = after.waves.filter((candidate) => candidate.ordinal < wave);
      const isOpen = earlier.every((candidate) => candidate.state === 'passed' || candidate.state === 'skipped');
      must(isOpen, 'a later wave gets nothing before the earlier ones passed');
      must(fleet.clusters.get(assign.clusterId)?.live === true, 'only live clusters are assigned new content');
      this.#checkDependencies(fleet, after, assign);
      return;
    }
    must(this.#before.has(origin), 'only touched targets are rolled back');
    this.#checkDependents(after, assign);
    if (assign.mode === 'reconcile') must(assign.digest === this.#before.get(origin), 'back to what it had');
  }

  /** An app comes after those it needs are applied and healthy, in this very content. */
  #checkDependencies(fleet: SimulatedGroup, after: Rollout, assign: AssignEffect): void {
    const needs = after.apps.find((app) => app.app === assign.app)?.dependsOn ?? [];
    for (const target of after.targets) {
      if (target.clusterId !== assign.clusterId || !needs.some((need) => need.app === target.app)) continue;
      if (target.state === 'left') continue;
      const key = targetKey(target);
      const report = fleet.reports.get(key);
      const fact = `${key}@${target.digest}#${fleet.assignments.get(key)?.counter ?? 0}`;
      must(fleet.applied.has(fact), 'an app comes after those it needs are applied');
      const isFresh = report?.epoch === fleet.clusters.get(assign.clusterId)?.epoch;
      must(isFresh && report?.health === 'healthy', 'an app comes after those it needs are healthy');
    }
  }

  /** On the way back what needs an app goes first. */
  #checkDependents(after: Rollout, assign: AssignEffect): void {
    for (const target of after.targets) {
      const needs = after.apps.find((app) => app.app === target.app)?.dependsOn ?? [];
      if (target.clusterId !== assign.clusterId || !target.touched) continue;
      if (!needs.some((need) => need.app === assign.app)) continue;
      const isKept = target.state === 'done' && target.previousDigest === null;
      const isBack = target.state === 'rolledBack' || target.state === 'rollbackFailed' || target.state === 'left';
      must(isBack || isKept || target.frozen, 'what needs an app goes back before it');
    }
  }

  #checkPassed(fleet: SimulatedGroup, after: Rollout, ordinal: number): void {
    const clusters = Map.groupBy(
      after.targets.filter((target) => target.wave === ordinal),
      (target) => target.clusterId,
    );
    for (const targets of clusters.values()) {
      const isRequired = !targets.some((target) => target.state === 'failed' || target.state === 'offline');
      if (!isRequired) continue;
      for (const target of targets) {
        if (target.state === 'left') continue;
        const report = fleet.reports.get(targetKey(target));
        const cluster = fleet.clusters.get(target.clusterId);
        const fact = `${targetKey(target)}@${target.digest}#${fleet.assignments.get(targetKey(target))?.counter ?? 0}`;
        must(fleet.applied.has(fact), 'a wave passes only when the exact digest and counter was applied');
        must(
          report?.health === 'healthy' && report.phase === 'applied',
          'a wave passes only when its targets are healthy',
        );
        must(cluster?.live === true && report?.epoch === cluster.epoch, 'a wave passes only on what live sessions say');
      }
    }
  }

  #checkRoom(before: Rollout, after: Rollout, assigns: readonly AssignEffect[]): void {
    if (after.state === 'rollingBack' || before.state === 'rollingBack') return;
    const started = new Set(assigns.map((assign) => assign.clusterId));
    // Who began before and was away meanwhile is not begun now.
    for (const target of before.targets) if (target.touched) started.delete(target.clusterId);
    if (started.size === 0) return;
    const limits = after.targets
      .filter((target) => started.has(target.clusterId))
      .map((target) => limitOf(after, target.wave));
    must(flying(after).size <= Math.max(...limits), 'never more clusters in flight than allowed');
  }

  #checkBudget(before: Rollout, after: Rollout, assigns: readonly AssignEffect[]): void {
    // A resume leads to `running` first; the decision that follows at once is the one that must see the failures.
    if (after.state !== 'running' || (before.state !== 'running' && assigns.length === 0)) return;
    const failed = new Set(
      after.targets.filter((target) => target.state === 'failed').map((target) => target.clusterId),
    );
    for (const id of after.memory.acceptedFailures) failed.delete(id);
    must(
      failed.size <= Number(after.strategy.failureBudget.total),
      'never more failures than the budget without stopping',
    );
  }

  #checkSilence(fleet: SimulatedGroup, before: Rollout, after: Rollout): void {
    const old = new Map(before.targets.map((target) => [targetKey(target), target]));
    for (const target of after.targets) {
      if (target.state !== 'failed' || old.get(targetKey(target))?.state === 'failed' || target.frozen) continue;
      const isSilent = fleet.clusters.get(target.clusterId)?.live !== true;
      const isPolicy = after.strategy.offline.policy === 'wait';
      const isSaid = fleet.reports.get(targetKey(target))?.phase === 'failed';
      must(!isSilent || isPolicy || isSaid, 'silence alone fails nobody');
    }
  }
}

function flying(rollout: Rollout): Set<number> {
  const clusters = Map.groupBy(rollout.targets, (target) => target.clusterId);
  const ids = new Set<number>();
  for (const [id, targets] of clusters) if (isFlying(targets)) ids.add(id);
  return ids;
}

function isFlying(targets: Target[]): boolean {
  if (targets.some((target) => begun.has(target.state))) return true;
  const isStopped = targets.some((target) => target.state === 'failed' || target.state === 'offline');
  return (
    !isStopped && targets.some((t) => t.touched && t.state !== 'left') && targets.some((t) => t.state === 'pending')
  );
}

function limitOf(rollout: Rollout, ordinal: number): number {
  const wave = rollout.waves.find((candidate) => candidate.ordinal === ordinal);
  const amount =
    rollout.strategy.waves.find((candidate) => candidate.name === wave?.name)?.maxInFlight ??
    rollout.strategy.maxInFlight;
  if (typeof amount === 'number') return Math.max(1, amount);
  const required = new Set(
    rollout.targets.filter((target) => target.wave === ordinal).map((target) => target.clusterId),
  );
  return Math.max(1, Math.floor((required.size * Number(amount.slice(0, -1))) / 100));
}
