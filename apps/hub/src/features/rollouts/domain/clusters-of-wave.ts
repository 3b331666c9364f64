import type { Draft } from './draft.ts';
import { isBegun, provenHealth } from './progress.ts';
import type { Target } from './rollout.types.ts';

export type Standing = 'pending' | 'inFlight' | 'done' | 'failed' | 'offline' | 'left';

/** All targets of one cluster: what `maxInFlight`, budgets and gates count is clusters. */
export interface ClusterView {
  readonly clusterId: number;
  readonly name: string;
  readonly targets: Target[];
}

/** The clusters of the rollout, or of one of its waves, by name. */
export function clustersOf(draft: Draft, wave?: number): ClusterView[] {
  const views = new Map<number, ClusterView>();
  for (const target of draft.rollout.targets) {
    if (wave !== undefined && target.wave !== wave) continue;
    const view = views.get(target.clusterId);
    if (view) view.targets.push(target);
    else views.set(target.clusterId, { clusterId: target.clusterId, name: target.cluster, targets: [target] });
  }
  return [...views.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** Where a cluster as a whole stands in the rollout. */
export function standingOf(view: ClusterView): Standing {
  const present = view.targets.filter((target) => target.state !== 'left');
  if (present.length === 0) return 'left';
  if (present.some((target) => target.state === 'failed')) return 'failed';
  if (present.some((target) => target.state === 'offline')) return 'offline';
  if (present.every((target) => target.state === 'done')) return 'done';
  return isInFlight(view) ? 'inFlight' : 'pending';
}

/** Assigned but not done: it has begun with an app and is not through with all of them. */
export function isInFlight(view: ClusterView): boolean {
  if (view.targets.some(isBegun)) return true;
  const isStopped = view.targets.some((target) => target.state === 'failed' || target.state === 'offline');
  return (
    !isStopped &&
    view.targets.some((target) => target.touched && target.state !== 'left') &&
    view.targets.some((target) => target.state === 'pending')
  );
}

/** It takes up room: in flight, or done but not healthy any more. */
export function takesRoom(view: ClusterView): boolean {
  return isInFlight(view) || view.targets.some((target) => target.state === 'done' && target.unhealthySince !== null);
}

/** Counts for gates and percentages. */
export function isRequired(view: ClusterView): boolean {
  const standing = standingOf(view);
  return standing !== 'offline' && standing !== 'left';
}

/** Whether its live session says that everything is well right now. */
export function readiness(draft: Draft, view: ClusterView): 'ready' | 'unhealthy' | 'unknown' {
  let worst: 'ready' | 'unknown' = 'ready';
  for (const target of view.targets) {
    if (target.state === 'left') continue;
    const health = provenHealth(draft, target);
    if (health === 'unknown') worst = 'unknown';
    else if (health !== 'healthy') return 'unhealthy';
  }
  return worst;
}

/** "eu-1, eu-2 and 7 more". */
export function namesOf(views: readonly { readonly name: string }[]): string {
  const shown = views.slice(0, 3).map((view) => view.name);
  return views.length > shown.length ? `${shown.join(', ')} and ${views.length - shown.length} more` : shown.join(', ');
}
