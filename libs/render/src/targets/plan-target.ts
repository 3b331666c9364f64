import type { Json } from '@fairlead/manifests';
import type { AppManifest, AppPatch, AppTarget } from '../app/app-manifest.ts';
import type { ClusterFacts } from '../variables/scope-values.ts';
import { matchesSelector } from './label-selector.ts';

/** What one cluster gets of an app, before anything is rendered. */
export type TargetPlan =
  | { readonly deploy: false }
  | {
      readonly deploy: true;
      /** As written: variables are resolved by the render, which can say where a name is wrong. */
      readonly path: string;
      readonly fallbackPath: string | null;
      readonly variables: Readonly<Record<string, Json>>;
      readonly components: readonly string[];
      readonly patches: readonly AppPatch[];
    };

/**
 * Merges all targets that match a cluster, in their order, later wins. An app without targets is on
 * every cluster; with targets, a cluster that none of them matches does not get the app.
 */
export function planTarget(app: AppManifest, cluster: ClusterFacts): TargetPlan {
  const matching = app.targets.filter((target) => isFor(target, cluster));
  if (app.targets.length > 0 && matching.length === 0) return { deploy: false };
  const lastWord = matching.findLast((target) => target.deploy !== null);
  if (lastWord?.deploy === false) return { deploy: false };
  return {
    deploy: true,
    path: app.render.path,
    fallbackPath: app.render.fallbackPath,
    variables: Object.assign({}, app.variables, ...matching.map((target) => target.variables)),
    components: matching.flatMap((target) => target.components),
    patches: [...app.patches, ...matching.flatMap((target) => target.patches)],
  };
}

function isFor(target: AppTarget, cluster: ClusterFacts): boolean {
  if (target.clusters.length > 0 && !target.clusters.includes(cluster.name)) return false;
  return target.selector === null || matchesSelector(target.selector, cluster.labels);
}
