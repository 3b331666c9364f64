import { canonicalJson, sha256Hex, type Json } from '@fairlead/manifests';
import { amountOf } from './amounts.ts';
import type { LabelSelector, Strategy, WaveStrategy } from './rollout.types.ts';

export interface PlannedCluster {
  readonly id: number;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly offline: boolean;
}

export interface PlannedWave {
  readonly name: string;
  readonly clusters: readonly PlannedCluster[];
}

/** The wave of the clusters that no wave selects. */
export const implicitWaveName = 'remaining';

/**
 * Splits clusters into waves. Deterministic: the same clusters and strategy always give the same waves, so a plan can be
 * shown, agreed to and then started unchanged. A cluster belongs to the first wave that selects it; those that none selects
 * form a last wave, so that nobody is left out silently. Never returns an empty wave. Inside a wave: by name, offline last.
 */
export function planWaves(strategy: Pick<Strategy, 'waves'>, clusters: readonly PlannedCluster[]): PlannedWave[] {
  const byName = [...clusters].sort((left, right) => compareText(left.name, right.name));
  const taken = new Set<number>();
  const waves: PlannedWave[] = [];
  const take = (name: string, chosen: PlannedCluster[]) => {
    for (const cluster of chosen) taken.add(cluster.id);
    if (chosen.length > 0) waves.push({ name, clusters: offlineLast(chosen) });
  };
  for (const wave of strategy.waves) {
    take(
      wave.name,
      choose(
        wave,
        byName.filter((cluster) => !taken.has(cluster.id)),
        byName.length,
      ),
    );
  }
  take(
    implicitWaveName,
    byName.filter((cluster) => !taken.has(cluster.id)),
  );
  return waves;
}

function choose(wave: WaveStrategy, free: PlannedCluster[], total: number): PlannedCluster[] {
  const { clusters } = wave;
  if (clusters === 'all') return free;
  if ('percent' in clusters) return free.slice(0, Math.max(1, amountOf(`${clusters.percent}%`, total)));
  return free.filter((cluster) => selects(clusters, cluster.labels));
}

/** Kubernetes label selector semantics; a selector without terms selects everything. */
export function selects(selector: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  const exact = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  return (
    exact &&
    (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
      const value = labels[key];
      switch (operator) {
        case 'In':
          return value !== undefined && values.includes(value);
        case 'NotIn':
          return value === undefined || !values.includes(value);
        case 'Exists':
          return value !== undefined;
        case 'DoesNotExist':
          return value === undefined;
      }
    })
  );
}

export interface PlannedTarget {
  readonly app: string;
  readonly cluster: string;
  readonly from: string | null;
  readonly to: string;
}

/** What an agreement to a plan names: any other release, strategy, wave or target gives another hash. */
export function planHash(plan: {
  group: string;
  releaseDigest: string;
  strategy: Strategy;
  waves: readonly PlannedWave[];
  targets: readonly PlannedTarget[];
}): string {
  const targets = [...plan.targets]
    .map(({ app, cluster, from, to }) => ({ app, cluster, from, to }))
    .sort((left, right) => compareText(`${left.app} ${left.cluster}`, `${right.app} ${right.cluster}`));
  const waves = plan.waves.map((wave) => ({
    name: wave.name,
    // By name, not by who happens to be connected: that must not make an agreement void.
    clusters: wave.clusters.map((cluster) => cluster.name).sort(compareText),
  }));
  const { group, releaseDigest, strategy } = plan;
  return sha256Hex(canonicalJson({ group, releaseDigest, strategy: asJson(strategy), waves, targets }));
}

function asJson(value: Strategy): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

function offlineLast(clusters: PlannedCluster[]): PlannedCluster[] {
  return [...clusters.filter((cluster) => !cluster.offline), ...clusters.filter((cluster) => cluster.offline)];
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
