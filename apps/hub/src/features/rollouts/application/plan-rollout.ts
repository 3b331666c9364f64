import { blastRadius, heldPrune, type PlannedDeletion } from '../domain/blast-radius.ts';
import { aTarget } from '../domain/membership.ts';
import type { Rollout, Strategy } from '../domain/rollout.types.ts';
import { planHash, planWaves, type PlannedWave } from '../domain/wave-plan.ts';
import type { LockedGroup, PlanEntry, PruneConfirmation, SnapshotContent, StoredRelease } from './rollout.store.ts';

export interface PlannedChange {
  readonly app: string;
  readonly cluster: string;
  readonly from: string | null;
  readonly to: string;
  readonly added: number;
  readonly changed: number;
  readonly deleted: number;
}

export interface Plan {
  readonly release: StoredRelease;
  readonly strategy: Strategy;
  readonly waves: readonly PlannedWave[];
  readonly entries: readonly PlanEntry[];
  readonly changes: readonly PlannedChange[];
  readonly quarantined: readonly { readonly app: string; readonly cluster: string }[];
  /** Why it must not start without a person. */
  readonly blastRadius: readonly string[];
  /** What a person who agrees to this plan agrees to see deleted. */
  readonly heldPrunes: readonly PruneConfirmation[];
  readonly planHash: string;
}

/** What a rollout of this release would do now. Changes nothing. */
export async function planRollout(
  group: LockedGroup,
  wanted: { release: StoredRelease; strategy: Strategy; scope: readonly number[] | null; liveSince: number },
): Promise<Plan> {
  const { release, strategy, scope } = wanted;
  const clusters = new Map((await group.listClusters(wanted.liveSince)).map((cluster) => [cluster.id, cluster]));
  const entries = (await group.listPlanEntries(release.id)).filter(
    (entry) => clusters.has(entry.clusterId) && (scope === null || scope.includes(entry.clusterId)),
  );
  const taking = new Set(entries.map((entry) => entry.clusterId));
  const waves = planWaves(
    strategy,
    [...clusters.values()].filter((cluster) => taking.has(cluster.id)),
  );
  const nameOf = (entry: PlanEntry) => clusters.get(entry.clusterId)?.name ?? '';
  const changed = entries.filter((entry) => !entry.isUnchanged);
  const snapshots = await group.readSnapshots([
    ...new Set(changed.flatMap((entry) => (entry.from ? [entry.from.digest, entry.to] : [entry.to]))),
  ]);
  const coverage = scope === null ? await group.countCoverage(release.id) : [];
  return {
    release,
    strategy,
    waves,
    entries,
    changes: changed.map((entry) => describe(entry, nameOf(entry), snapshots)),
    quarantined: entries
      .filter((entry) => entry.isQuarantined)
      .map((entry) => ({ app: entry.app, cluster: nameOf(entry) })),
    blastRadius: blastRadius(deletionsOf(changed, nameOf, snapshots), coverage),
    heldPrunes: heldPrunesOf(changed, snapshots),
    planHash: planHash({
      group: group.name,
      releaseDigest: release.digest,
      strategy,
      waves,
      targets: entries.map((entry) => ({
        app: entry.app,
        cluster: nameOf(entry),
        from: entry.from?.digest ?? null,
        to: entry.to,
      })),
    }),
  };
}

const nothing: SnapshotContent = { objects: new Map() };

function describe(entry: PlanEntry, cluster: string, snapshots: ReadonlyMap<string, SnapshotContent>): PlannedChange {
  const before = (entry.from ? snapshots.get(entry.from.digest) : undefined) ?? nothing;
  const after = snapshots.get(entry.to) ?? nothing;
  const kept = [...after.objects].filter(([id]) => before.objects.has(id));
  return {
    app: entry.app,
    cluster,
    from: entry.from?.digest ?? null,
    to: entry.to,
    added: after.objects.size - kept.length,
    changed: kept.filter(([id, blob]) => before.objects.get(id) !== blob).length,
    deleted: before.objects.size - kept.length,
  };
}

/** Each distinct step from one snapshot to another once: hundreds of clusters often take the same one. */
function deletionsOf(
  changed: readonly PlanEntry[],
  nameOf: (entry: PlanEntry) => string,
  snapshots: ReadonlyMap<string, SnapshotContent>,
) {
  const distinct = new Map(changed.flatMap((entry) => (entry.from ? [[stepOf(entry), entry] as const] : [])));
  return [...distinct.values()].map((entry) => deletionOf(entry, nameOf(entry), snapshots));
}

function stepOf(entry: PlanEntry): string {
  return `${entry.app} ${entry.from?.digest ?? ''} ${entry.to} ${JSON.stringify(entry.prune)}`;
}

function deletionOf(
  entry: PlanEntry,
  cluster: string,
  snapshots: ReadonlyMap<string, SnapshotContent>,
): PlannedDeletion {
  return {
    app: entry.app,
    cluster,
    before: [...(snapshots.get(entry.from?.digest ?? '') ?? nothing).objects.keys()],
    after: [...(snapshots.get(entry.to) ?? nothing).objects.keys()],
    prune: entry.prune,
  };
}

function heldPrunesOf(
  changed: readonly PlanEntry[],
  snapshots: ReadonlyMap<string, SnapshotContent>,
): PruneConfirmation[] {
  const hashes = new Map<string, string | null>();
  return changed.flatMap((entry) => {
    if (entry.from === null) return [];
    const step = stepOf(entry);
    const known = hashes.get(step);
    const hash = known === undefined ? (heldPrune(deletionOf(entry, '', snapshots))?.hash ?? null) : known;
    hashes.set(step, hash);
    return hash === null ? [] : [{ appId: entry.appId, clusterId: entry.clusterId, hash }];
  });
}

/** The rollout that carries a plan out, before its first step. */
export function rolloutOf(
  group: LockedGroup,
  plan: Plan,
  begin: {
    kind: Rollout['kind'];
    baseReleaseId: number | null;
    scope: readonly number[] | null;
    isHeldBack: string | null;
    now: number;
  },
): Omit<Rollout, 'id'> {
  const { now } = begin;
  const waveOf = new Map(
    plan.waves.flatMap((wave, ordinal) =>
      wave.clusters.map((cluster) => [cluster.id, { ordinal, name: cluster.name }]),
    ),
  );
  return {
    groupId: group.id,
    group: group.name,
    kind: begin.kind,
    releaseId: plan.release.id,
    state: begin.isHeldBack === null ? 'running' : 'awaitingStart',
    reason: begin.isHeldBack,
    since: now,
    strategy: plan.strategy,
    apps: plan.release.apps,
    waves: plan.waves.map(({ name }, ordinal) => ({
      ordinal,
      name,
      state: 'pending',
      reason: null,
      since: now,
      soakStartedAt: null,
    })),
    targets: plan.entries.flatMap((entry) => {
      const place = waveOf.get(entry.clusterId);
      if (!place) return [];
      const { appId, app, clusterId, to: digest, from } = entry;
      const target = aTarget(now, { appId, app, clusterId, cluster: place.name, wave: place.ordinal, digest });
      return [{ ...target, previousDigest: from?.digest ?? null, previousReleaseId: from?.releaseId ?? null }];
    }),
    memory: {
      baseReleaseId: begin.baseReleaseId,
      pausedBy: null,
      acceptedFailures: [],
      silenceAcceptedAt: now,
      rollbackCause: null,
      scope: begin.scope === null ? null : [...begin.scope],
    },
  };
}
