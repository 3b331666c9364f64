import { snapshotDigest } from '@fairlead/manifests';
import type { Finding } from '@fairlead/shared/contracts';
import { orderByDependency } from '../domain/dependency-order.ts';
import { strategyOfGroup } from '../domain/discover-apps.ts';
import type { ReadTrace } from '../domain/render-trace.ts';
import type { DraftTarget, ReleaseDraft, ReleaseError } from '../domain/release-draft.ts';
import type { CommitTree } from './commit-tree.ts';
import type { GroupApp, GroupToRead, RenderCluster, RenderStore, StoredRelease } from './reading.store.ts';
import { renderTargets, type RenderedTarget } from './render-targets.ts';
import type { Renderer } from './renderer.ts';

const emptySnapshot = snapshotDigest([]);
const maxErrors = 200;

export interface DraftedGroup {
  draft: ReleaseDraft;
  /** Targets that did not render. */
  failed: { app: string; cluster: string }[];
  /** Something failed that may end better at the next try. */
  isTransient: boolean;
  /** What the renders looked at; null when they do not tell all that the draft depends on. */
  traces: ReadTrace[] | null;
}

/**
 * Renders a group at a commit. Apps that were refused, are suspended, or failed on a cluster where that must not hold the
 * others up, keep what the newest release that does not wait has of them. Null when no app of the group can be rendered at all.
 */
export async function draftGroup(
  ports: { store: RenderStore; renderer: Renderer },
  work: {
    tree: CommitTree;
    group: GroupToRead;
    clusters: readonly RenderCluster[];
    ready: StoredRelease | null;
  },
): Promise<DraftedGroup | null> {
  const { tree, group, clusters, ready } = work;
  const members = group.apps.flatMap(({ definition }) => definition ?? []);
  if (members.length === 0) return null;
  const parts = await Promise.all(
    group.apps.map(async (app) => {
      if (app.definition === null || app.definition.suspend) return keptPart(app, ready);
      const { definition } = app;
      const rendered = await renderTargets(ports, { tree, app: { id: app.id, definition }, clusters });
      return renderedPart(app, rendered, ready);
    }),
  );
  const draft: ReleaseDraft = {
    commit: tree.id,
    state: parts.some((part) => part.mustWait) ? 'waiting' : 'ready',
    targets: parts.flatMap((part) => part.targets),
    errors: parts.flatMap((part) => part.errors).slice(0, maxErrors),
    strategy: strategyOfGroup(members),
    appOrder: orderByDependency(
      group.apps.flatMap((app) => {
        if (app.definition !== null) return { app: app.name, dependsOn: app.definition.dependsOn };
        return ready?.appOrder.find((each) => each.app === app.name) ?? [];
      }),
    ),
  };
  const traces = parts.flatMap((part) => part.traces);
  const isTold = traces.every((trace) => trace !== null);
  return {
    draft,
    failed: parts.flatMap((part) => part.failed),
    isTransient: parts.some((part) => part.isTransient),
    traces: isTold ? traces : null,
  };
}

interface Part {
  targets: DraftTarget[];
  errors: ReleaseError[];
  failed: DraftedGroup['failed'];
  mustWait: boolean;
  isTransient: boolean;
  traces: (ReadTrace | null)[];
}

function keptPart(app: GroupApp, ready: StoredRelease | null): Part {
  const targets = ready?.targets.filter((target) => target.app === app.name) ?? [];
  return { targets, errors: [], failed: [], mustWait: false, isTransient: false, traces: [] };
}

function renderedPart(app: GroupApp, rendered: readonly RenderedTarget[], ready: StoredRelease | null): Part {
  const { definition } = app;
  const part: Part = { targets: [], errors: [], failed: [], mustWait: false, isTransient: false, traces: [] };
  if (definition === null) return part;
  for (const { cluster, result, isTransient, trace } of rendered) {
    part.traces.push(trace);
    part.isTransient ||= isTransient;
    const error = (finding: Finding): ReleaseError => ({ ...finding, app: app.name, cluster: cluster.name });
    if (result.outcome === 'failed') {
      part.errors.push(...result.errors.map(error));
      part.failed.push({ app: app.name, cluster: cluster.name });
      part.mustWait ||= definition.onError === 'wait';
      const kept = ready?.targets.find((target) => target.app === app.name && target.cluster === cluster.name);
      if (kept !== undefined && definition.onError === 'skip') part.targets.push(kept);
    }
    if (result.outcome !== 'rendered') continue;
    part.targets.push({
      app: app.name,
      cluster: cluster.name,
      digest: result.snapshot,
      settings: definition.settings,
    });
    part.errors.push(...result.warnings.map(error));
    if (result.snapshot === emptySnapshot) part.errors.push(error(emptyFinding(definition.file)));
  }
  return part;
}

/** Not an error that stops anything: the agent's prune guard keeps the objects. But nobody should have to guess. */
function emptyFinding(file: string): Finding {
  return {
    file,
    line: null,
    column: null,
    message: 'nothing is rendered here; objects the app has on the cluster are kept until their deletion is confirmed',
    hint: null,
  };
}
