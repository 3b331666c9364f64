import type { SourceRepositories } from '../../sources/application/source-repositories.ts';
import type { ReadApp } from '../domain/app-definition.ts';
import type { DraftTarget } from '../domain/release-draft.ts';
import { openCommit } from './commit-tree.ts';
import type { ReadingStore, RenderCluster, SourceToRead } from './reading.store.ts';
import { renderAt } from './render-targets.ts';
import type { Renderer } from './renderer.ts';

interface Ports {
  store: ReadingStore;
  renderer: Renderer;
  repositories: SourceRepositories;
}

/**
 * Gives the releases that a joining cluster may have to get instead of the newest (the group is held on it, or it is
 * being rolled out) the targets they lack, rendered from their own commit. What is there is never changed.
 */
export async function completeReleases(
  ports: Ports,
  source: SourceToRead,
  clusters: readonly RenderCluster[],
): Promise<void> {
  for (const release of await ports.store.listLiveReleases(source.id)) {
    const present = new Set(release.targets.map(({ app, cluster }) => `${app} ${cluster}`));
    const lacking = release.appOrder
      .map(({ app }) => ({ app, clusters: clusters.filter((cluster) => !present.has(`${app} ${cluster.name}`)) }))
      .filter((each) => each.clusters.length > 0);
    if (lacking.length === 0) continue;
    const tree = await openCommit(ports.repositories, source, release.commit);
    const read = await ports.renderer.readApps(tree, tree.manifestFiles());
    const targets: DraftTarget[] = [];
    for (const { app, clusters: joined } of lacking) {
      const definition = definitionOf(read, app);
      if (definition === null) continue;
      const rendered = await renderAt(ports, { tree, file: definition.file, clusters: joined });
      for (const [cluster, { result }] of rendered) {
        if (result.outcome !== 'rendered') continue;
        targets.push({ app, cluster: cluster.name, digest: result.snapshot, settings: definition.settings });
      }
    }
    if (targets.length > 0) await ports.store.addTargets(release, targets);
  }
}

/** Null when the name is not defined once: then nobody could say what the release meant for a new cluster. */
function definitionOf(read: readonly ReadApp[], name: string) {
  const [only, another] = read.flatMap((each) => (each.ok && each.app.name === name ? [each.app] : []));
  return another === undefined ? (only ?? null) : null;
}
