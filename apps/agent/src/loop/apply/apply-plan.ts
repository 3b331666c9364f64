import type { TargetSettings } from '@fairlead/shared/contracts';
import type { JsonObject, KubeObject, ObjectId } from '@fairlead/manifests';
import {
  applyRank,
  applyStage,
  compareForApply,
  fieldAt,
  fieldOf,
  formatObjectId,
  groupOf,
  parseObjectId,
} from '@fairlead/manifests';
import type { Snapshot, SnapshotObject, SnapshotStore } from '../../hub/snapshot-store.ts';
import type { KubeClient } from '../../kube/kube-client.ts';
import type { Resource } from '../../kube/resource.ts';
import type { ApplyFailure } from '../state/object-record.ts';

export interface PlannedObject {
  readonly key: string;
  /** Identity in the cluster: with the default namespace, without one where the kind has none. */
  readonly id: ObjectId;
  readonly source: SnapshotObject;
  readonly resource: Resource | null;
  readonly failure: ApplyFailure | null;
}

/** Gives every object of a snapshot its kind, its scope and its place. Scopes of kinds that do not exist yet come from CRDs of the same snapshot. */
export async function planObjects(
  snapshot: Snapshot,
  settings: TargetSettings,
  { kube, snapshots }: { kube: KubeClient; snapshots: SnapshotStore },
): Promise<PlannedObject[]> {
  const apiVersions = [...new Set(snapshot.objects.map((object) => object.apiVersion))];
  const served = new Map(
    await Promise.all(apiVersions.map(async (version) => [version, await kube.discover(version)] as const)),
  );
  const isMissing = snapshot.objects.some(
    (object) => !served.get(object.apiVersion)?.has(parseObjectId(object.id).kind),
  );
  const coming = isMissing ? await kindsOfDefinitions(snapshot, snapshots) : new Map<string, Resource>();
  const planned = snapshot.objects.map((source): PlannedObject => {
    const id = parseObjectId(source.id);
    const resource =
      served.get(source.apiVersion)?.get(id.kind) ?? coming.get(`${source.apiVersion}/${id.kind}`) ?? null;
    if (resource === null) {
      const message = `the cluster does not know ${id.kind} in ${source.apiVersion}, and the release does not define it`;
      return { key: source.id, id, source, resource, failure: { reason: 'MissingKind', message, permanent: false } };
    }
    const namespace = resource.namespaced ? id.namespace || settings.namespace || '' : '';
    const placed = { ...id, namespace };
    const failure =
      resource.namespaced && namespace === ''
        ? {
            reason: 'MissingNamespace',
            message: 'the object has no namespace and the app has no default one',
            permanent: true,
          }
        : null;
    return { key: formatObjectId(placed), id: placed, source, resource, failure };
  });
  return planned.sort((left, right) => compareForApply(left.id, right.id));
}

/** Groups that go one after the other; inside a group objects are applied together. */
export function applyGroups<T extends { readonly id: ObjectId }>(
  objects: readonly T[],
): { stage: number; objects: T[] }[] {
  const groups: { stage: number; rank: number; objects: T[] }[] = [];
  for (const object of objects) {
    const stage = applyStage(object.id);
    // Bindings must find their roles applied; elsewhere the order inside a stage does not matter to the server.
    const rank = stage === 1 || stage === 5 ? applyRank(object.id) : 0;
    const last = groups.at(-1);
    if (last?.stage === stage && last.rank === rank) last.objects.push(object);
    else groups.push({ stage, rank, objects: [object] });
  }
  return groups;
}

async function kindsOfDefinitions(snapshot: Snapshot, snapshots: SnapshotStore): Promise<Map<string, Resource>> {
  const kinds = new Map<string, Resource>();
  const definitions = snapshot.objects.filter(
    (object) =>
      parseObjectId(object.id).kind === 'CustomResourceDefinition' &&
      groupOf(object.apiVersion) === 'apiextensions.k8s.io',
  );
  if (definitions.length === 0) return kinds;
  const reader = await snapshots.reader(snapshot);
  try {
    for (const source of definitions) {
      for (const resource of resourcesOfDefinition(await reader.object(source))) {
        kinds.set(`${resource.group}/${resource.version}/${resource.kind}`, resource);
      }
    }
  } finally {
    await reader.close();
  }
  return kinds;
}

function resourcesOfDefinition(definition: KubeObject): Resource[] {
  const group = fieldAt(definition, ['spec', 'group']);
  const kind = fieldAt(definition, ['spec', 'names', 'kind']);
  const plural = fieldAt(definition, ['spec', 'names', 'plural']);
  const versions = fieldAt(definition, ['spec', 'versions']);
  if (typeof group !== 'string' || typeof kind !== 'string' || typeof plural !== 'string' || !Array.isArray(versions))
    return [];
  return versions.flatMap((entry) => {
    const version = fieldOf(entry as JsonObject, 'name');
    const namespaced = fieldAt(definition, ['spec', 'scope']) === 'Namespaced';
    return typeof version === 'string' ? [{ group, version, plural, kind, namespaced }] : [];
  });
}
