import type { AppId, ClusterId } from '@fairlead/shared/kernel';
import type { AppDefinition } from '../domain/app-definition.ts';
import { factOf, holdsFor, holdsIn, type ReadTrace } from '../domain/render-trace.ts';
import type { CommitTree } from './commit-tree.ts';
import type { RenderCluster, RenderStore, StoredTrace, TargetOutcome } from './reading.store.ts';
import type { ClusterFacts, RenderedApp, Renderer } from './renderer.ts';

export interface RenderedTarget {
  cluster: RenderCluster;
  result: TargetOutcome;
  /** The render failed for a reason that may be gone at the next try. */
  isTransient: boolean;
  /** What it looked at; null when that says nothing about the next try. */
  trace: ReadTrace | null;
}

interface Ports {
  store: RenderStore;
  renderer: Renderer;
}

/**
 * What an app comes to on every cluster at a commit. A target whose last render looked at nothing that changed since is
 * taken over; the others are rendered, and their content is stored.
 */
export async function renderTargets(
  { store, renderer }: Ports,
  work: { tree: CommitTree; app: { id: AppId; definition: AppDefinition }; clusters: readonly RenderCluster[] },
): Promise<RenderedTarget[]> {
  const { tree, app, clusters } = work;
  const known = await store.readTraces(app.id);
  const isCurrent = (cluster: RenderCluster): boolean => {
    const last = known.get(cluster.id);
    return (
      last !== undefined &&
      last.fingerprint === renderer.fingerprint &&
      holdsFor(last.trace, factsOf(cluster, renderer)) &&
      holdsIn(last.trace, tree)
    );
  };
  const stale = clusters.filter((cluster) => !isCurrent(cluster));
  const fresh = await renderAt({ store, renderer }, { tree, file: app.definition.file, clusters: stale });
  const traces = new Map<ClusterId, StoredTrace>();
  for (const [cluster, { result, trace }] of fresh) {
    if (trace === null) continue;
    const { fingerprint } = renderer;
    traces.set(cluster.id, { fingerprint, trace, outcome: result });
  }
  await store.saveTraces(app.id, tree.id, traces);
  return clusters.map((cluster) => {
    const rendered = fresh.get(cluster);
    if (rendered)
      return { cluster, result: rendered.result, isTransient: rendered.trace === null, trace: rendered.trace };
    const last = known.get(cluster.id);
    return { cluster, result: last?.outcome ?? { outcome: 'skipped' }, isTransient: false, trace: last?.trace ?? null };
  });
}

/** Renders an app for clusters and stores the content. A null trace marks a failure that may pass. */
export async function renderAt(
  { store, renderer }: Ports,
  work: { tree: CommitTree; file: string; clusters: readonly RenderCluster[] },
): Promise<Map<RenderCluster, { result: TargetOutcome; trace: ReadTrace | null }>> {
  const results = new Map<RenderCluster, { result: TargetOutcome; trace: ReadTrace | null }>();
  if (work.clusters.length === 0) return results;
  const facts = work.clusters.map((cluster) => factsOf(cluster, renderer));
  const rendered = await renderer.render(work.tree, work.file, facts);
  await store.saveContent(rendered);
  work.clusters.forEach((cluster, index) => results.set(cluster, resultOf(rendered, index, facts[index])));
  return results;
}

/** All that a render may know about a cluster. */
export function factsOf(
  { name, labels, annotations, kubernetesVersion }: RenderCluster,
  renderer: Renderer,
): ClusterFacts {
  return {
    name,
    labels,
    annotations,
    kubernetesVersion,
    schemas: renderer.schemasFor(kubernetesVersion),
    today: renderer.today(),
  };
}

function resultOf(
  rendered: RenderedApp,
  index: number,
  cluster: ClusterFacts | undefined,
): { result: TargetOutcome; trace: ReadTrace | null } {
  const target = rendered.targets[index];
  if (target === undefined || cluster === undefined)
    throw new Error('a render answered for fewer clusters than it was asked for');
  const trace = target.trace === null ? null : traceOf(rendered, target.trace, usedFacts(cluster, target.facts));
  switch (target.outcome) {
    case 'skipped':
      return { result: { outcome: 'skipped' }, trace };
    case 'rendered':
      return { result: { outcome: 'rendered', snapshot: target.snapshot, warnings: target.warnings }, trace };
    case 'failed':
      return { result: { outcome: 'failed', errors: target.errors }, trace };
  }
}

function usedFacts(cluster: ClusterFacts, names: readonly string[]): ReadTrace['facts'] {
  return [...new Set(names)].sort().map((name) => [name, factOf(cluster, name)]);
}

function traceOf(rendered: RenderedApp, index: number, facts: ReadTrace['facts']): ReadTrace {
  const paths = rendered.traces[index];
  if (paths === undefined) throw new Error('a render left out a trace');
  return { ...paths, facts };
}
