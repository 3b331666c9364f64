import { applyCommand, type CommandName } from '../domain/commands.ts';
import { decide } from '../domain/decide.ts';
import { nextGroupStep, type GroupView } from '../domain/group-policy.ts';
import { aTarget } from '../domain/membership.ts';
import type {
  ClusterConnection,
  CurrentAssignment,
  Member,
  Observations,
  TargetReport,
} from '../domain/observations.ts';
import type { Effect, HoldEffect } from '../domain/rollout.effects.ts';
import { isTerminal } from '../domain/rollout.machine.ts';
import type { AppInOrder, Rollout, Strategy, TargetKey } from '../domain/rollout.types.ts';
import { targetKey } from '../domain/rollout.types.ts';
import { planWaves } from '../domain/wave-plan.ts';

export interface SimulatedRelease {
  id: number;
  /** (app, cluster) -> digest. */
  entries: Map<TargetKey, string>;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
export type Decided = (step: { before: Rollout; after: Rollout; effects: readonly Effect[] }) => void;

/**
 * A group and its fleet in memory: the whole machine with time, network and agents in the hands of a test. Reports travel
 * as messages that may be late, doubled or out of order; what is stored is what the hub stores (no older epochs, no older
 * counters).
 */
export class SimulatedGroup {
  now = 1_000_000;
  hubStartedAt = 0;
  clockJumpedAt: number | null = null;
  readonly heartbeatMs = 1000;
  readonly clusters = new Map<number, Mutable<ClusterConnection>>();
  readonly reports = new Map<TargetKey, TargetReport>();
  readonly assignments = new Map<TargetKey, Omit<CurrentAssignment, 'settingsMatch'>>();
  readonly releases: SimulatedRelease[] = [];
  readonly rollouts: Rollout[] = [];
  readonly quarantined = new Set<`${TargetKey}@${string}`>();
  readonly quarantinedReleases = new Set<number>();
  readonly inbox: { key: TargetKey; report: TargetReport }[] = [];
  /** Counters at which an agent really applied a digest: what acknowledgements are measured against. */
  readonly applied = new Set<string>();
  readonly #digests = new Map<number, { size: number; digest: string }>();
  hold: (HoldEffect & { badRelease: number }) | null = null;
  blocked: string | null = null;
  checkAt: number | null = null;

  readonly strategy: Strategy;
  readonly apps: readonly AppInOrder[];
  readonly onDecided: Decided;

  constructor(options: {
    strategy: Strategy;
    apps: readonly AppInOrder[];
    clusters: ClusterConnection[];
    onDecided: Decided;
  }) {
    this.strategy = options.strategy;
    this.apps = options.apps;
    this.onDecided = options.onDecided;
    for (const cluster of options.clusters) this.clusters.set(cluster.id, { ...cluster });
  }

  get current(): Rollout | undefined {
    const last = this.rollouts.at(-1);
    return last && !isTerminal(last.state) ? last : undefined;
  }

  /** A commit: every app gets new content on the clusters that `changes` names (all when absent). */
  release(changes?: (appId: number, clusterId: number) => boolean): void {
    const id = this.releases.length + 1;
    const before = this.releases.at(-1)?.entries;
    const entries = new Map<TargetKey, string>();
    for (const clusterId of this.clusters.keys()) {
      for (const appId of this.apps.keys()) {
        const key = targetKey({ appId, clusterId });
        const old = before?.get(key);
        entries.set(key, old === undefined || !changes || changes(appId, clusterId) ? `r${id}` : old);
      }
    }
    this.releases.push({ id, entries });
  }

  /** A cluster that registers gets entries in every release, rendered from its commit. */
  join(cluster: ClusterConnection): void {
    this.clusters.set(cluster.id, { ...cluster });
    for (const release of this.releases) {
      for (const appId of this.apps.keys()) {
        release.entries.set(targetKey({ appId, clusterId: cluster.id }), `r${release.id}`);
      }
    }
  }

  /** The agent says something about what it is assigned now (or was, when `staleBy` is above 0). */
  say(key: TargetKey, said: Pick<TargetReport, 'phase' | 'health' | 'permanent'>, staleBy = 0): void {
    const assignment = this.assignments.get(key);
    const cluster = this.clusters.get(Number(key.split('/')[1]));
    if (!assignment || !cluster || cluster.epoch === 0) return;
    const { counter, digest } = assignment;
    if (said.phase === 'applied' && staleBy === 0) this.applied.add(`${key}@${digest}#${counter}`);
    const report = { ...said, counter: counter - staleBy, digest, epoch: cluster.epoch, message: null, failing: [] };
    this.inbox.push({ key, report: { ...report, receivedAt: this.now, reportedAt: this.now } });
  }

  /** One message arrives, by the hub's rules for what counts; it stays in the inbox when it is to arrive twice. */
  deliver(index: number, again: boolean): void {
    const message = this.inbox[index % Math.max(1, this.inbox.length)];
    if (!message) return;
    if (!again) this.inbox.splice(this.inbox.indexOf(message), 1);
    const { key, report } = message;
    const cluster = this.clusters.get(Number(key.split('/')[1]));
    const stored = this.reports.get(key);
    if (!cluster?.live || report.epoch < cluster.epoch) return;
    if (stored && (report.counter < stored.counter || report.epoch < stored.epoch)) return;
    const isSame = stored?.counter === report.counter && stored.digest === report.digest;
    this.reports.set(key, { ...report, receivedAt: isSame ? stored.receivedAt : this.now, reportedAt: this.now });
  }

  disconnect(clusterId: number): void {
    const cluster = this.clusters.get(clusterId);
    if (cluster?.live) Object.assign(cluster, { live: false, since: this.now });
  }

  connect(clusterId: number): void {
    const cluster = this.clusters.get(clusterId);
    if (cluster && !cluster.live && !cluster.removed) {
      Object.assign(cluster, { live: true, since: this.now, epoch: cluster.epoch + 1 });
    }
  }

  restartHub(): void {
    for (const id of this.clusters.keys()) this.disconnect(id);
    this.hubStartedAt = this.now;
  }

  jumpClock(byMs: number): void {
    this.now += byMs;
    // Known by how long the process has run, so it moves along.
    this.hubStartedAt += byMs;
    this.clockJumpedAt = this.now;
  }

  command(name: CommandName): boolean {
    const last = this.rollouts.at(-1);
    if (!last) return false;
    const result = applyCommand(last, { name, by: 'ann', reason: 'asked' }, this.world(last, null), this.now);
    if (!result.ok) return false;
    this.#save(last, result.next, result.effects);
    return true;
  }

  releaseHold(): void {
    this.hold = null;
  }

  unquarantine(): void {
    this.quarantined.clear();
    this.quarantinedReleases.clear();
  }

  /** What the consumer of 'advance-group' does: decide until nothing changes. Throws when that does not end. */
  advance(): void {
    for (let round = 0; round < 50; round += 1) {
      const step = nextGroupStep(this.view());
      this.blocked = step.type === 'rest' || step.type === 'open' || step.type === 'behind' ? step.blocked : null;
      const isOpened = step.type === 'open' && this.#open(step.releaseId, step.scope, step.endsHold);
      const current = this.current;
      if (!current) return;
      const world = this.world(current, step.type === 'behind' ? step.successor : null);
      const { next, effects } = decide(current, world, this.now);
      this.#save(current, next, effects);
      if (!isOpened && effects.every((effect) => effect.type === 'checkAt') && !isTerminal(next.state)) return;
    }
    throw new Error(
      `advance does not come to rest: ${this.rollouts
        .slice(-3)
        .map((rollout) => `${rollout.id} r${rollout.releaseId} ${rollout.state} ${rollout.reason ?? ''}`)
        .join(' | ')}`,
    );
  }

  world(rollout: Rollout, successor: string | null): Observations {
    const entries = this.releases[rollout.releaseId - 1]?.entries ?? new Map<TargetKey, string>();
    const assignments = new Map<TargetKey, CurrentAssignment>();
    for (const [key, assignment] of this.assignments) assignments.set(key, { ...assignment, settingsMatch: true });
    return {
      clusters: this.clusters,
      reports: this.reports,
      assignments,
      members: this.#members(entries),
      quarantined: this.quarantined,
      hubStartedAt: this.hubStartedAt,
      clockJumpedAt: this.clockJumpedAt,
      heartbeatMs: this.heartbeatMs,
      successor,
    };
  }

  view(): GroupView {
    const newest = this.releases.at(-1);
    const current = this.current;
    const entries = [...(newest?.entries ?? [])];
    const held = this.hold?.releaseId == null ? undefined : this.releases[this.hold.releaseId - 1];
    const ofNewest = this.rollouts.filter((rollout) => rollout.releaseId === newest?.id);
    return {
      newest: newest
        ? { id: newest.id, number: newest.id, digest: this.#digest(newest.id), strategy: this.strategy }
        : null,
      current: current ? { ...current, onNewRelease: this.strategy.onNewRelease } : null,
      hold: this.hold
        ? { ...this.hold, badRelease: { id: this.hold.badRelease, digest: this.#digest(this.hold.badRelease) } }
        : null,
      quarantined: entries
        .filter(([key, digest]) => this.quarantined.has(`${key}@${digest}`))
        .map(([key]) => ({ app: `app${key.split('/')[0] ?? ''}`, cluster: `c${key.split('/')[1] ?? ''}` })),
      isQuarantinedDigest: newest ? this.quarantinedReleases.has(newest.id) : false,
      newestEndedAs: ofNewest.at(-1)?.state ?? null,
      different: this.#differences(entries, () => true),
      behindHeld: this.#differences([...(held?.entries ?? [])], (releaseId) => releaseId < (held?.id ?? 0)),
    };
  }

  #digest(releaseId: number): string {
    const { entries } = this.releases[releaseId - 1] ?? { entries: new Map<TargetKey, string>() };
    const memo = this.#digests.get(releaseId);
    if (memo?.size === entries.size) return memo.digest;
    const digest = JSON.stringify([...entries].sort());
    this.#digests.set(releaseId, { size: entries.size, digest });
    return digest;
  }

  #differences(entries: [TargetKey, string][], counts: (releaseId: number) => boolean) {
    const differing = new Map<number, { clusterId: number; isLive: boolean }>();
    for (const [key, digest] of entries) {
      const clusterId = Number(key.split('/')[1]);
      const cluster = this.clusters.get(clusterId);
      const assignment = this.assignments.get(key);
      if (!cluster || cluster.removed) continue;
      if (assignment?.digest === digest && assignment.mode === 'reconcile') continue;
      if (assignment && !counts(assignment.releaseId)) continue;
      differing.set(clusterId, { clusterId, isLive: cluster.live });
    }
    return [...differing.values()];
  }

  #members(entries: ReadonlyMap<TargetKey, string>): Member[] {
    return [...entries].map(([key, digest]) => {
      const [appId, clusterId] = key.split('/').map(Number) as [number, number];
      return { appId, clusterId, app: `app${appId}`, digest };
    });
  }

  #open(releaseId: number, scope: readonly number[] | null, endsHold: boolean): boolean {
    if (this.current) throw new Error('two rollouts at once');
    const release = this.releases[releaseId - 1];
    if (!release) throw new Error('no such release');
    if (endsHold) this.hold = null;
    const ids = [...this.clusters.values()].filter((c) => !c.removed && (scope === null || scope.includes(c.id)));
    const planned = planWaves(
      this.strategy,
      ids.map((cluster) => ({ ...cluster, offline: !cluster.live })),
    );
    const base = this.rollouts.findLast((rollout) => rollout.state === 'succeeded')?.releaseId ?? null;
    const waveOf = new Map(planned.flatMap((wave, ordinal) => wave.clusters.map((cluster) => [cluster.id, ordinal])));
    const targets = this.#members(release.entries).flatMap((member) => {
      const wave = waveOf.get(member.clusterId);
      return wave === undefined ? [] : [aTarget(this.now, { ...member, cluster: `c${member.clusterId}`, wave })];
    });
    this.rollouts.push({
      id: this.rollouts.length + 1,
      groupId: 1,
      group: 'shop',
      kind: 'rollout',
      releaseId,
      state: 'running',
      reason: null,
      since: this.now,
      strategy: this.strategy,
      apps: this.apps,
      waves: planned.map(({ name }, ordinal) => ({
        ordinal,
        name,
        state: 'pending',
        reason: null,
        since: this.now,
        soakStartedAt: null,
      })),
      targets,
      memory: {
        baseReleaseId: base,
        pausedBy: null,
        acceptedFailures: [],
        silenceAcceptedAt: this.now,
        rollbackCause: null,
        scope: scope === null ? null : [...scope],
      },
    });
    return true;
  }

  #save(before: Rollout, next: Rollout, effects: readonly Effect[]): void {
    this.onDecided({ before, after: next, effects });
    this.rollouts[before.id - 1] = next;
    this.checkAt = null;
    for (const effect of effects) {
      if (effect.type === 'assign') this.#assign(effect);
      else if (effect.type === 'hold') this.hold = { ...effect, badRelease: next.releaseId };
      else if (effect.type === 'checkAt') this.checkAt = effect.at;
      else if (effect.type === 'quarantine') {
        this.quarantined.add(`${targetKey(effect)}@${effect.digest}`);
        this.quarantinedReleases.add(next.releaseId);
      }
    }
  }

  #assign(effect: Extract<Effect, { type: 'assign' }>): void {
    const { digest, releaseId, counter, mode } = effect;
    this.assignments.set(targetKey(effect), { digest, releaseId, counter, mode });
  }
}
