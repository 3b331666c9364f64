import { amountOf } from './amounts.ts';
import { clustersOf, isRequired, standingOf, type ClusterView } from './clusters-of-wave.ts';
import type { Draft } from './draft.ts';

/** Why the rollout must stop, in one sentence; null while the failed clusters are within the budgets. */
export function budgetExceeded(draft: Draft): string | null {
  const { failureBudget } = draft.rollout.strategy;
  for (const wave of draft.rollout.waves) {
    const excess = excessOf(draft, clustersOf(draft, wave.ordinal), failureBudget.perWave);
    if (excess !== null) return `wave ${wave.name}: ${excess}`;
  }
  return excessOf(draft, clustersOf(draft), failureBudget.total);
}

function excessOf(draft: Draft, clusters: ClusterView[], budget: number | string): string | null {
  const accepted = new Set(draft.rollout.memory.acceptedFailures);
  const failed = clusters.filter((view) => standingOf(view) === 'failed' && !accepted.has(view.clusterId));
  const allowed = amountOf(budget, clusters.filter(isRequired).length);
  if (failed.length <= allowed) return null;
  const first = failed.flatMap((view) => view.targets).find((target) => target.state === 'failed');
  const count = `${failed.length} failed ${failed.length === 1 ? 'cluster' : 'clusters'}, budget ${allowed}`;
  return first ? `${count}: ${first.app} on ${first.cluster}: ${first.failure ?? 'failed'}` : count;
}
