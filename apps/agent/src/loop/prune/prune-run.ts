import type { PruneHold, TargetSettings } from '@fairlead/shared/contracts';
import type { ObjectId } from '@fairlead/manifests';
import { formatObjectId } from '@fairlead/manifests';
import { appLabel } from '../../domain/marks.ts';
import { liveVerdict, planPrune } from '../../domain/prune/prune-plan.ts';
import { KubeError } from '../../kube/kube-error.ts';
import { objectMeta } from '../../kube/object-meta.ts';
import type { Resource } from '../../kube/resource.ts';
import { applyGroups } from '../apply/apply-plan.ts';
import { eachLimited } from '../each-limited.ts';
import type { ObjectRecord } from '../state/object-record.ts';
import type { TargetContext } from '../target-context.ts';

export interface PruneJob {
  readonly app: string;
  readonly settings: TargetSettings;
  /** Hash of the set whose deletion a person agreed to. */
  readonly confirmedPrune: string | null;
  readonly records: ReadonlyMap<string, ObjectRecord>;
}

export interface PruneOutcome {
  /** Objects that are no longer ours to remember. */
  readonly gone: readonly string[];
  readonly held: PruneHold | null;
  /** Some deletions are under way or failed for now: come again. */
  readonly unfinished: boolean;
}

const deletesAtOnce = 4;

/** Deletes what left the app, as far as the guards allow. Called only when everything the app has now is applied and healthy. */
export async function runPrune(job: PruneJob, context: TargetContext): Promise<PruneOutcome> {
  const records = [...job.records.values()];
  const staying = records.filter((record) => record.desired !== null);
  const { deletions, held } = planPrune(
    records.map((record) => record.id),
    staying.map((record) => record.id),
    job.settings.prune,
    job.confirmedPrune,
  );
  const usedNamespaces = new Set(staying.map((record) => record.id.namespace));
  if (job.settings.namespace !== null) usedNamespaces.add(job.settings.namespace);
  const facts = {
    app: job.app,
    agentNamespace: context.agentNamespace,
    appliedUids: new Set(staying.map((record) => record.uid)),
    usedNamespaces,
  };
  const gone: string[] = [];
  let unfinished = false;
  for (const { objects } of applyGroups(deletions.map((id) => ({ id })))) {
    await eachLimited(objects, deletesAtOnce, async ({ id }) => {
      const record = job.records.get(formatObjectId(id));
      if (record === undefined) return;
      const outcome = await pruneObject(record, facts, context);
      if (outcome === 'gone') gone.push(record.key);
      else if (outcome === 'later') unfinished = true;
    });
  }
  return { gone, held, unfinished };
}

async function pruneObject(
  record: ObjectRecord,
  facts: Parameters<typeof liveVerdict>[2],
  context: TargetContext,
): Promise<'gone' | 'later' | 'kept'> {
  try {
    const resource = record.resource ?? (await resolve(record, context));
    if (resource === null) return 'gone';
    const live = await context.kube.get(resource, record.id);
    if (live === null) return 'gone';
    const meta = objectMeta(live);
    const verdict = liveVerdict(record.id, meta, facts);
    if (verdict.action === 'wait') return 'later';
    if (verdict.action === 'forget' || verdict.action === 'keep') {
      context.log.info('an object that left the app stays', {
        app: facts.app,
        object: record.key,
        why: verdict.reason,
      });
      return verdict.action === 'forget' ? 'gone' : 'kept';
    }
    const content = await contentInTheWay(record.id, live, context);
    if (content !== null) {
      context.log.warn('an object that left the app stays', { app: facts.app, object: record.key, why: content });
      return 'kept';
    }
    context.assertMayWrite();
    await context.kube.delete(resource, record.id, meta.uid);
    context.log.info('pruned', { app: facts.app, object: record.key });
    return (await context.kube.get(resource, record.id)) === null ? 'gone' : 'later';
  } catch (error) {
    // One deletion that is refused must not keep the others.
    if (!(error instanceof KubeError) || error.status === 0) throw error;
    context.log.warn('an object could not be deleted', { app: facts.app, object: record.key, failure: error.failure });
    return 'later';
  }
}

/** The kind as it is served now; null only when the server says for certain that there is no such kind. */
async function resolve(record: ObjectRecord, context: TargetContext): Promise<Resource | null> {
  const kinds = await context.kube.discover(record.apiVersion);
  return kinds.get(record.id.kind) ?? null;
}

const contentKinds: readonly Resource[] = [
  { group: '', version: 'v1', plural: 'persistentvolumeclaims', kind: 'PersistentVolumeClaim', namespaced: true },
  { group: '', version: 'v1', plural: 'secrets', kind: 'Secret', namespaced: true },
  { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap', namespaced: true },
  { group: '', version: 'v1', plural: 'services', kind: 'Service', namespaced: true },
  { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true },
  { group: 'apps', version: 'v1', plural: 'deployments', kind: 'Deployment', namespaced: true },
  { group: 'apps', version: 'v1', plural: 'statefulsets', kind: 'StatefulSet', namespaced: true },
  { group: 'apps', version: 'v1', plural: 'daemonsets', kind: 'DaemonSet', namespaced: true },
  { group: 'batch', version: 'v1', plural: 'jobs', kind: 'Job', namespaced: true },
  { group: 'batch', version: 'v1', plural: 'cronjobs', kind: 'CronJob', namespaced: true },
];

/** Deleting a namespace or a definition deletes what is in it: somebody else's content keeps it. */
async function contentInTheWay(
  id: ObjectId,
  live: Parameters<typeof objectMeta>[0],
  context: TargetContext,
): Promise<string | null> {
  if (id.kind === 'Namespace' && id.group === '') {
    for (const kind of contentKinds) {
      let found: string | null = null;
      await context.kube.listMeta(kind, { namespace: id.name, selector: `!${appLabel}`, limit: 20 }, (meta) => {
        if (!meta.owned && meta.name !== 'kube-root-ca.crt') found ??= `${kind.kind} ${meta.name}`;
      });
      if (found !== null) return `the namespace holds ${String(found)}, which no app of Fairlead has`;
    }
  }
  if (id.kind === 'CustomResourceDefinition') {
    for (const resource of definedResources(live)) {
      let count = 0;
      await context.kube.listMeta(resource, { limit: 1 }, () => {
        count += 1;
      });
      if (count > 0) return 'objects of this definition exist';
    }
  }
  return null;
}

function definedResources(definition: Parameters<typeof objectMeta>[0]): Resource[] {
  const spec = (
    definition as {
      spec?: {
        group?: string;
        names?: { plural?: string; kind?: string };
        versions?: { name?: string; served?: boolean }[];
      };
    }
  ).spec;
  const served = spec?.versions?.find((version) => version.served === true)?.name;
  const { group, names } = spec ?? {};
  if (!served || !group || !names?.plural || !names.kind) return [];
  return [{ group, version: served, plural: names.plural, kind: names.kind, namespaced: false }];
}
