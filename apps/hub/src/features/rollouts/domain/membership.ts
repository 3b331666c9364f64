import type { Draft } from './draft.ts';
import { targetKey, type Target, type Wave } from './rollout.types.ts';
import { planWaves, type PlannedCluster } from './wave-plan.ts';

/**
 * Adds targets that the release got after the rollout began. A joiner goes to the wave it would have been in; when that
 * wave is over it is brought along at once, within `maxInFlight`. Nobody is ever taken out here.
 */
export function joinMembers(draft: Draft): void {
  const { rollout, world } = draft;
  if (rollout.memory.scope !== null) return;
  const known = new Set(rollout.targets.map(targetKey));
  const joiners = world.members.filter((member) => !known.has(targetKey(member)));
  if (joiners.length === 0) return;
  const waves = wavesOfAll(draft, new Set(joiners.map((joiner) => joiner.clusterId)));
  for (const joiner of joiners) {
    const cluster = world.clusters.get(joiner.clusterId);
    const ordinal = waves.get(joiner.clusterId);
    if (!cluster || cluster.removed || ordinal === undefined) continue;
    rollout.targets.push(aTarget(draft.now, { ...joiner, cluster: cluster.name, wave: ordinal }));
  }
}

/** A target as it is before anything happened to it. */
export function aTarget(
  now: number,
  member: Pick<Target, 'appId' | 'app' | 'clusterId' | 'cluster' | 'wave' | 'digest'>,
): Target {
  const { appId, app, clusterId, cluster, wave, digest } = member;
  return {
    appId,
    app,
    clusterId,
    cluster,
    wave,
    digest,
    state: 'pending',
    reason: null,
    since: now,
    previousDigest: null,
    previousReleaseId: null,
    counter: null,
    touched: false,
    frozen: false,
    receivedAt: null,
    unhealthySince: null,
    failure: null,
  };
}

/** The wave of every cluster: where it is, or for joiners where the strategy puts it. */
function wavesOfAll(draft: Draft, joining: ReadonlySet<number>): Map<number, number> {
  const { rollout, world } = draft;
  const present = new Map(rollout.targets.map((target) => [target.clusterId, target.wave]));
  const clusters: PlannedCluster[] = [];
  for (const id of new Set([...present.keys(), ...joining])) {
    const cluster = world.clusters.get(id);
    if (cluster) clusters.push({ id, name: cluster.name, labels: cluster.labels, offline: false });
  }
  for (const planned of planWaves(rollout.strategy, clusters)) {
    const ordinal = ordinalOf(draft, planned.name);
    for (const cluster of planned.clusters) if (!present.has(cluster.id)) present.set(cluster.id, ordinal);
  }
  return present;
}

/** The wave of that name, or the next one that exists in the order of the strategy, or the last. */
function ordinalOf(draft: Draft, name: string): number {
  const { waves, strategy } = draft.rollout;
  const order = strategy.waves.map((wave) => wave.name);
  const from = order.indexOf(name);
  const later = from < 0 ? [] : order.slice(from);
  const found = later.map((candidate) => waves.find((wave) => wave.name === candidate)).find(isThere) ?? waves.at(-1);
  return found?.ordinal ?? 0;
}

function isThere(wave: Wave | undefined): wave is Wave {
  return wave !== undefined;
}
