import type { AppManifest } from '../app/app-manifest.ts';

/** The facts of a cluster that decide which targets of an app match it, as variable names. */
export function factNames(app: AppManifest): string[] {
  const names = new Set<string>();
  for (const { clusters, selector } of app.targets) {
    if (clusters.length > 0) names.add('cluster.name');
    for (const key of Object.keys(selector?.matchLabels ?? {})) names.add(`cluster.labels.${key}`);
    for (const { key } of selector?.matchExpressions ?? []) names.add(`cluster.labels.${key}`);
  }
  return [...names].sort();
}
