import { gzipSync } from 'node:zlib';
import { canonicalJson, formatObjectId, objectId, sha256Hex, snapshotDigest } from '@fairlead/manifests';
import {
  explainObjects,
  ExternalNeeded,
  factNames,
  parseApp,
  planTarget,
  renderTarget,
  type AppManifest,
  type ExternalOutputs,
  type ExternalRequest,
  type ParseCache,
  type RenderResult,
  type RenderTrace,
  type SchemaSet,
} from '@fairlead/render';
import { CommitFiles, ContentsNeeded, type CommitIndex } from './commit-files.ts';
import { toFinding } from './define-app.ts';
import type { ClusterToRender, ReadTrace, RenderedApp, RenderedObject } from './protocol.ts';
import { evaluatePolicies, policyFactNames } from './policy/evaluate-policies.ts';
import { findPolicies } from './policy/find-policies.ts';
import { redactFindings } from './redact-findings.ts';
import { UnsealableSecret, type SecretSealer } from './seal-secrets.ts';

export interface RenderJob {
  file: string;
  clusters: readonly ClusterToRender[];
  index: CommitIndex;
  contents: ReadonlyMap<string, Uint8Array>;
  sealer: SecretSealer;
  cache: ParseCache;
  external: ExternalOutputs;
  schemas: ReadonlyMap<string, SchemaSet>;
}

/** Renders asked for outputs of external programs that are not here yet. */
export class ExternalsNeeded extends Error {
  readonly requests: { key: string; request: ExternalRequest }[];

  constructor(requests: ReadonlyMap<string, ExternalRequest>) {
    super('outputs of external programs are needed');
    this.requests = [...requests].map(([key, request]) => ({ key, request }));
  }
}

type Target = RenderedApp['targets'][number];

/** A render and what it depended on, to be shared with clusters for which it would be the same. */
interface Shareable {
  plan: string;
  clusterValues: readonly (readonly [string, string])[];
  target: Target;
  /** Names of the facts it used, beside those that chose the plan. */
  facts: readonly string[];
}

/**
 * Renders one app for several clusters. Clusters with the same plan and the same used facts share one render. What is
 * missing for any of them is asked for at once, and a run that is taken up again goes on with the clusters it lacks.
 */
export class RenderRun {
  readonly #job: RenderJob;
  readonly #result: Omit<RenderedApp, 'targets'> = { traces: [], snapshots: [], blobs: [] };
  readonly #targets = new Map<ClusterToRender, Target>();
  readonly #shared: Shareable[] = [];
  readonly #seen = { snapshots: new Set<string>(), blobs: new Set<string>() };
  #app: AppManifest | null = null;

  constructor(job: RenderJob) {
    this.#job = job;
  }

  /** Throws ContentsNeeded or ExternalsNeeded; call it again when they are there. */
  finish(): RenderedApp {
    const app = (this.#app ??= readManifest(this.#job));
    const contentIds = new Set<string>();
    const requests = new Map<string, ExternalRequest>();
    for (const cluster of this.#job.clusters) {
      if (this.#targets.has(cluster)) continue;
      const work = { app, cluster, shared: this.#shared, result: this.#result, seen: this.#seen };
      try {
        this.#targets.set(cluster, renderOne(this.#job, work));
      } catch (error) {
        if (error instanceof ContentsNeeded) for (const id of error.contentIds) contentIds.add(id);
        else if (error instanceof ExternalNeeded) requests.set(error.key, error.request);
        else throw error;
      }
    }
    if (contentIds.size > 0) throw new ContentsNeeded([...contentIds]);
    if (requests.size > 0) throw new ExternalsNeeded(requests);
    return { ...this.#result, targets: this.#job.clusters.flatMap((cluster) => this.#targets.get(cluster) ?? []) };
  }
}

interface Work {
  app: AppManifest;
  cluster: ClusterToRender;
  shared: Shareable[];
  result: Omit<RenderedApp, 'targets'>;
  seen: { snapshots: Set<string>; blobs: Set<string> };
}

function renderOne(job: RenderJob, work: Work): Target {
  const { app, cluster, shared, result } = work;
  const plan = planTarget(app, cluster);
  const files = new CommitFiles(job.index, job.contents);
  files.readFile(job.file);
  const decisive = [...factNames(app)];
  if (!plan.deploy) return { outcome: 'skipped', trace: addTrace(result, files.trace()), facts: decisive };
  const found = findPolicies(files, directoryOf(job.file));
  if (!found.ok)
    return { outcome: 'failed', errors: found.errors, trace: addTrace(result, files.trace()), facts: decisive };
  const { policies } = found;
  const asked = policyFactNames(policies);
  // Variables that use cluster facts make every cluster's values its own; then nothing is shared.
  const planKey =
    JSON.stringify(plan.variables).includes('${') || asked.length > 0
      ? null
      : canonicalJson(structuredClone({ plan, schemas: cluster.schemas }) as never);
  const known = shared.find((each) => each.plan === planKey && each.clusterValues.every(isTrueFor(cluster)));
  if (known) return { ...known.target, facts: [...decisive, ...known.facts] };

  const schemas = job.schemas.get(cluster.schemas);
  const rendered = renderTarget({
    tree: files,
    appDir: directoryOf(job.file),
    app,
    cluster,
    cache: job.cache,
    external: job.external,
    ...(schemas === undefined ? {} : { schemas }),
  });
  if (!rendered.ok) {
    const errors = redactFindings(rendered.errors.map(toFinding), () => files.readTexts());
    const facts = [...decisive, ...factsIn(rendered.trace)];
    return { outcome: 'failed', errors, trace: addTrace(result, files.trace()), facts };
  }
  const used = [...factsIn(rendered.trace), ...(app.validation.schema === 'off' ? [] : ['cluster.schemas']), ...asked];
  const facts = [...decisive, ...used];
  const { objects, origins } = rendered;
  const verdict = evaluatePolicies({ policies, app, cluster, objects, origins, today: cluster.today });
  if (verdict.denied.length > 0)
    return { outcome: 'failed', errors: [...verdict.denied], trace: addTrace(result, files.trace()), facts };
  try {
    const snapshot = addSnapshot(job, rendered, work);
    const told = redactFindings(rendered.warnings.map(toFinding), () => files.readTexts());
    const warnings = [...told, ...verdict.told];
    const target: Target = { outcome: 'rendered', snapshot, warnings, trace: addTrace(result, files.trace()), facts };
    const clusterValues = clusterValuesOf(rendered.trace);
    if (planKey !== null) shared.push({ plan: planKey, clusterValues, target, facts: used });
    return target;
  } catch (error) {
    if (!(error instanceof UnsealableSecret)) throw error;
    const message = `Secret "${error.object.metadata.name}": ${error.reason}`;
    const errors = [{ file: job.file, line: null, column: null, message, hint: null }];
    return { outcome: 'failed', errors, trace: addTrace(result, files.trace()), facts };
  }
}

function readManifest(job: RenderJob): AppManifest {
  const parsed = parseApp(manifestText(job), job.file);
  if (!parsed.ok) throw new Error('an app that was refused must not be rendered');
  return parsed.app;
}

function manifestText(job: RenderJob): string {
  const content = new CommitFiles(job.index, job.contents).readFile(job.file);
  return new TextDecoder().decode(content ?? new Uint8Array());
}

type Rendered = Extract<RenderResult, { ok: true }>;

/** Seals, digests and adds the objects; returns the digest of the snapshot. */
function addSnapshot(job: RenderJob, rendered: Rendered, { app, result, seen }: Work): string {
  const entries: RenderedObject[] = [];
  const texts = new Map<string, string>();
  for (const object of rendered.objects) {
    const text = canonicalJson(job.sealer.seal(object));
    const digest = sha256Hex(text);
    entries.push({ id: formatObjectId(objectId(object)), digest });
    texts.set(digest, text);
  }
  const digest = snapshotDigest(entries);
  if (seen.snapshots.has(digest)) return digest;
  seen.snapshots.add(digest);
  const explanations = explainObjects(rendered, { file: app.file, text: manifestText(job) });
  result.snapshots.push({ digest, objects: entries, explanations });
  for (const [blob, text] of texts) {
    if (seen.blobs.has(blob)) continue;
    seen.blobs.add(blob);
    result.blobs.push({ digest: blob, content: gzipSync(text, { level: 1 }) });
  }
  return digest;
}

function factsIn(trace: RenderTrace): string[] {
  return trace.variables.map(({ name }) => name).filter((name) => name.startsWith('cluster.'));
}

function addTrace(result: Work['result'], trace: ReadTrace): number {
  return result.traces.push(trace) - 1;
}

function clusterValuesOf(trace: RenderTrace): [string, string][] {
  return trace.variables.filter(({ name }) => name.startsWith('cluster.')).map(({ name, value }) => [name, value]);
}

function isTrueFor(cluster: ClusterToRender): (value: readonly [string, string]) => boolean {
  return ([name, value]) => {
    const fact = factOf(cluster, name);
    return fact !== undefined && JSON.stringify(fact) === value;
  };
}

function factOf(cluster: ClusterToRender, name: string): string | undefined {
  if (name === 'cluster.name') return cluster.name;
  if (name === 'cluster.kubernetesVersion') return cluster.kubernetesVersion ?? undefined;
  const label = /^cluster\.labels\.(.+)$/.exec(name)?.[1];
  if (label !== undefined) return cluster.labels[label];
  const annotation = /^cluster\.annotations\.(.+)$/.exec(name)?.[1];
  return annotation === undefined ? undefined : cluster.annotations[annotation];
}

function directoryOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
