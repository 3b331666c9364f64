import type { Json } from '@fairlead/manifests';
import type { AppManifest } from '../app/app-manifest.ts';
import { VariableScope } from './variable-scope.ts';

/** All a template may know about a cluster. */
export interface ClusterFacts {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly kubernetesVersion: string | null;
}

/** The names under `cluster.` and `app.`, and the app's variables under `var.`, which may use the former. */
export function fullScope(
  app: AppManifest,
  cluster: ClusterFacts,
  variables: Readonly<Record<string, Json>>,
): VariableScope {
  const values = baseValues(app, cluster);
  const base = new VariableScope(cluster.name, values);
  const all = new Map(values);
  for (const [name, value] of Object.entries(variables)) {
    all.set(`var.${name}`, base.resolve(value, { file: app.file }, `/spec/variables/${name}`));
  }
  return new VariableScope(cluster.name, all);
}

function baseValues(app: AppManifest, cluster: ClusterFacts): Map<string, Json> {
  const values = new Map<string, Json>([
    ['cluster.name', cluster.name],
    ['app.name', app.name],
    ['app.project', app.project],
    ['app.namespace', app.namespace],
  ]);
  if (cluster.kubernetesVersion !== null) values.set('cluster.kubernetesVersion', cluster.kubernetesVersion);
  for (const [key, value] of Object.entries(cluster.labels)) values.set(`cluster.labels.${key}`, value);
  for (const [key, value] of Object.entries(cluster.annotations)) values.set(`cluster.annotations.${key}`, value);
  for (const [key, value] of Object.entries(app.labels)) values.set(`app.labels.${key}`, value);
  return values;
}
