import type { Json, KubeObject } from '@fairlead/manifests';
import type { AppManifest } from './app/app-manifest.ts';
import { applyAppPatches } from './apply-app-patches.ts';
import type { ExternalOutputs } from './external/external-engine.ts';
import { renderExternalKustomize } from './external/render-external-kustomize.ts';
import { renderHelm } from './external/render-helm.ts';
import type { Finding } from './finding.ts';
import { fail, RenderFailure } from './finding.ts';
import { finishObjects } from './finish-objects.ts';
import { buildKustomization } from './kustomize/build.ts';
import type { BuildContext } from './kustomize/build-context.ts';
import { findKustomization } from './kustomize/build-context.ts';
import type { Resource, ResourceChange, ResourceOrigin } from './kustomize/resource.ts';
import { ResourceSet } from './kustomize/resource-set.ts';
import { loadPlainYaml } from './plain-yaml.ts';
import { ParseCache } from './source/parsed-files.ts';
import type { RenderLimits, RenderTrace, SourceTree } from './source/source-tree.ts';
import { defaultLimits } from './source/source-tree.ts';
import { TracedTree } from './source/traced-tree.ts';
import { resolvePath } from './source/tree-path.ts';
import type { SchemaSet } from './validation/schema-set.ts';
import { validateObjects } from './validation/validate-objects.ts';
import type { TargetPlan } from './targets/plan-target.ts';
import { planTarget } from './targets/plan-target.ts';
import type { ClusterFacts } from './variables/scope-values.ts';
import { fullScope } from './variables/scope-values.ts';

export interface RenderRequest {
  readonly tree: SourceTree;
  /** The directory of `fairlead.yaml`; paths in the app are relative to it. */
  readonly appDir: string;
  readonly app: AppManifest;
  readonly cluster: ClusterFacts;
  readonly limits?: Partial<RenderLimits>;
  /** Share one between renders to parse each content once; needs a tree with `contentId`. */
  readonly cache?: ParseCache;
  /** What external programs printed, by the key of an ExternalNeeded that an earlier try threw. */
  readonly external?: ExternalOutputs;
  /** Schemas of the cluster's Kubernetes version; without them nothing is validated. */
  readonly schemas?: SchemaSet;
}

export type RenderResult =
  | {
      readonly ok: true;
      readonly deploy: boolean;
      readonly objects: KubeObject[];
      /** Where each object came from. */
      readonly origins: ResourceOrigin[];
      /** What changed each of them since. */
      readonly changes: (readonly ResourceChange[])[];
      /** Which variables were used where, by `placeKey`. */
      readonly places: ReadonlyMap<string, ReadonlySet<string>>;
      /** What the schemas do not allow, when the app only wants to be warned. */
      readonly warnings: Finding[];
      readonly trace: RenderTrace;
    }
  | { readonly ok: false; readonly errors: Finding[]; readonly trace: RenderTrace };

const nothing = { objects: [], origins: [], changes: [], places: new Map<string, Set<string>>(), warnings: [] };

type DeployPlan = Extract<TargetPlan, { deploy: true }>;

/**
 * Renders an app for one cluster: plan, variables, build, patches, namespace. A cluster that does not get
 * the app has no objects and `deploy: false`. The objects are in the order of application.
 */
export function renderTarget(request: RenderRequest): RenderResult {
  const limits = { ...defaultLimits, ...request.limits };
  const tree = new TracedTree(request.tree, limits);
  let used: ReadonlyMap<string, string> = new Map();
  try {
    const plan = planTarget(request.app, request.cluster);
    if (!plan.deploy) return { ok: true, deploy: false, ...nothing, trace: tree.trace(used) };
    const scope = fullScope(request.app, request.cluster, plan.variables);
    used = scope.used;
    const context: BuildContext = {
      tree,
      scope,
      limits,
      cache: request.cache ?? new ParseCache(),
      external: request.external ?? new Map(),
    };
    const set = build(request, context, plan);
    applyAppPatches(request.app, context, plan.patches, set);
    const finished = finishObjects(request.app, set.resources, limits);
    const warnings = validateObjects(request.app, finished, request.schemas);
    return {
      ok: true,
      deploy: true,
      objects: finished.map(({ object }) => object),
      origins: finished.map(({ origin }) => origin),
      changes: finished.map(({ changes }) => changes),
      places: scope.places,
      warnings,
      trace: tree.trace(used),
    };
  } catch (error) {
    if (error instanceof RenderFailure) return { ok: false, errors: [...error.findings], trace: tree.trace(used) };
    throw error;
  }
}

function build(request: RenderRequest, context: BuildContext, plan: DeployPlan): ResourceSet {
  const { app } = request;
  const directory = chooseDirectory(request, context, plan);
  const hasKustomization = findKustomization(context.tree, directory) !== null;
  const isHelm =
    app.render.type === 'helm' ||
    (app.render.type === 'auto' && (app.helm.chart !== null || isChart(context, directory)));
  if (isHelm) return helmSet(request, context, plan, directory);
  const isKustomize = app.render.type === 'kustomize' || (app.render.type === 'auto' && hasKustomization);
  const components = plan.components.map((component) => inTree(request, context, component, 'spec.targets.components'));
  if (isKustomize && app.render.engine === 'external') {
    return setOf(renderExternalKustomize(context, directory, components));
  }
  if (isKustomize) return buildKustomization(context, directory, components);
  if (components.length > 0) fail({ file: app.file, message: 'components need a kustomization' });
  return loadPlainYaml(context, directory);
}

function isChart(context: BuildContext, directory: string): boolean {
  return context.tree.listDirectory(directory)?.includes('Chart.yaml') === true;
}

function helmSet(request: RenderRequest, context: BuildContext, plan: DeployPlan, directory: string): ResourceSet {
  const { app, appDir, cluster } = request;
  if (plan.components.length > 0) fail({ file: app.file, message: 'components need a kustomization' });
  const chart = app.helm.chart === null ? directory : inTree(request, context, app.helm.chart, 'spec.helm.chart');
  return setOf(renderHelm(context, { app, appDir, chart, clusterVersion: cluster.kubernetesVersion }));
}

function setOf(resources: readonly Resource[]): ResourceSet {
  const set = new ResourceSet();
  set.appendAll(resources);
  return set;
}

function chooseDirectory(request: RenderRequest, context: BuildContext, plan: DeployPlan): string {
  const { app } = request;
  const directory = inTree(request, context, plan.path, 'spec.render.path');
  if (context.tree.listDirectory(directory) !== null) return directory;
  if (plan.fallbackPath !== null) {
    const fallback = inTree(request, context, plan.fallbackPath, 'spec.render.fallbackPath');
    if (context.tree.listDirectory(fallback) !== null) return fallback;
  }
  return fail({
    file: app.file,
    message: `there is no directory "${directory}" for cluster "${request.cluster.name}"`,
  });
}

/** A path of the app with its variables resolved, relative to the root of the tree. */
function inTree(request: RenderRequest, context: BuildContext, path: string, field: string): string {
  const { app } = request;
  const expanded: Json = context.scope.resolveText(path, { file: app.file }, `/${field.replaceAll('.', '/')}`);
  const resolved = resolvePath(request.appDir, String(expanded));
  return resolved ?? fail({ file: app.file, message: `${field}: "${String(expanded)}" leads out of the repository` });
}
