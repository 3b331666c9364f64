import type { TargetSettings } from '@fairlead/shared/contracts';
import type { ObjectId } from '@fairlead/manifests';
import { compareForApply, formatObjectId } from '@fairlead/manifests';
import { answersForServices, calledServices, callsServices, isServedBy } from '../../domain/apply/backends.ts';
import { checkBundle } from '../../domain/apply/check-bundle.ts';
import type { BundleObject, CheckedObject } from '../../domain/apply/check-bundle.ts';
import { placeObject } from '../../domain/apply/placement.ts';
import type { Snapshot, SnapshotObject, SnapshotReader, SnapshotStore } from '../../hub/snapshot-store.ts';
import type { KubeClient } from '../../kube/kube-client.ts';
import type { Resource } from '../../kube/resource.ts';
import type { ApplyFailure } from '../state/object-record.ts';
import { dependencyLeaves, invalid } from './failures.ts';
import { findKinds } from './kinds.ts';
import type { Kinds } from './kinds.ts';

export interface PlannedObject extends Pick<CheckedObject, 'place' | 'waitsFor'> {
  readonly key: string;
  /** Identity in the cluster: with the default namespace, without one where the kind has none. */
  readonly id: ObjectId;
  readonly source: SnapshotObject;
  readonly resource: Resource | null;
  readonly failure: ApplyFailure | null;
  readonly isValid: boolean;
}

export interface PlanContext {
  readonly kube: KubeClient;
  readonly snapshots: SnapshotStore;
  readonly agentNamespace: string;
  /** Whether the app has an object with this key already. */
  readonly isOwned: (key: string) => boolean;
}

/** Checks all objects of a snapshot together and gives every one its kind, its scope and its place. Writes nothing. */
export async function planObjects(
  snapshot: Snapshot,
  settings: TargetSettings,
  context: PlanContext,
): Promise<PlannedObject[]> {
  let opened: Promise<SnapshotReader> | null = null;
  const reader = () => (opened ??= context.snapshots.reader(snapshot));
  try {
    const kinds = await findKinds(snapshot, looseId, { kube: context.kube, reader });
    const located = locate(snapshot, settings, kinds, context);
    const bundle = await withBackends(located, reader);
    const { agentNamespace, isOwned } = context;
    const checked = checkBundle(bundle, { defaultNamespace: settings.namespace, agentNamespace, isOwned });
    const planned = located.map(({ key, id, source, resource }, index): PlannedObject => {
      const { place, waitsFor, causes, leaving } = checked[index] as CheckedObject;
      const isValid = causes.length === 0;
      let failure: ApplyFailure | null = null;
      if (!isValid) failure = invalid(causes);
      else if (leaving !== null) failure = dependencyLeaves(leaving);
      else if (resource === null) failure = kinds.failure(source.apiVersion, id.kind);
      return { key, id, source, resource, place, waitsFor, failure, isValid };
    });
    return planned.sort((left, right) => compareForApply(left.id, right.id));
  } finally {
    if (opened !== null) await (await (opened as Promise<SnapshotReader>)).close();
  }
}

interface Located extends BundleObject {
  readonly source: SnapshotObject;
  readonly resource: Resource | null;
}

/** Gives every object its identity in the cluster; what is there twice becomes one object that is not valid. */
function locate(snapshot: Snapshot, settings: TargetSettings, kinds: Kinds, { isOwned }: PlanContext): Located[] {
  const found = new Map<string, Located>();
  for (const source of snapshot.objects) {
    const said = looseId(source.id);
    const resource = kinds.resource(source.apiVersion, said.kind);
    const scope = resource === null ? null : resource.namespaced ? 'namespaced' : 'cluster';
    const { id, causes } = placeObject(said, { scope, defaultNamespace: settings.namespace, isOwned });
    const key = formatObjectId(id);
    const double = found.get(key);
    if (double !== undefined) {
      const cause = `it is there twice, as ${double.source.id} and as ${source.id}`;
      found.set(key, { ...double, causes: [...double.causes, cause] });
      continue;
    }
    const definition =
      resource === null || !resource.group.includes('.')
        ? null
        : `apiextensions.k8s.io/CustomResourceDefinition//${resource.plural}.${resource.group}`;
    found.set(key, { key, id, source, resource, facts: source.facts, causes, definition, backends: [] });
  }
  return [...found.values()];
}

/** Adds to webhook configurations and aggregated APIs what of the same snapshot answers for them. */
async function withBackends(
  objects: readonly Located[],
  reader: () => Promise<SnapshotReader>,
): Promise<BundleObject[]> {
  const isReadable = ({ source }: Located) => source.facts?.causes === undefined;
  return Promise.all(
    objects.map(async (object) => {
      if (!callsServices(object.id.group, object.id.kind) || !isReadable(object)) return object;
      const content = await reader();
      const backends = new Set<string>();
      for (const { namespace, name } of calledServices(await content.object(object.source))) {
        const service = objects.find(({ key }) => key === `/Service/${namespace}/${name}`);
        if (service === undefined || !isReadable(service)) continue;
        backends.add(service.key);
        const serviceObject = await content.object(service.source);
        for (const workload of objects) {
          const { group, kind, namespace: place } = workload.id;
          if (place !== namespace || !answersForServices(group, kind) || !isReadable(workload)) continue;
          if (isServedBy(serviceObject, await content.object(workload.source))) backends.add(workload.key);
        }
      }
      return { ...object, backends: [...backends] };
    }),
  );
}

/** The identity that a key of the hub spells; parts of an object that is not valid may be missing. */
function looseId(text: string): ObjectId {
  const [group = '', kind = '', namespace = '', name = ''] = text.split('/');
  return { group, kind, namespace, name };
}
