import type { JsonObject, KubeObject } from '@fairlead/manifests';
import { fieldAt, fieldOf, groupOf, parseObjectId } from '@fairlead/manifests';
import type { Snapshot, SnapshotReader } from '../../hub/snapshot-store.ts';
import type { KubeClient } from '../../kube/kube-client.ts';
import { KubeError } from '../../kube/kube-error.ts';
import type { Resource } from '../../kube/resource.ts';
import type { ApplyFailure } from '../state/object-record.ts';

/** The kinds of the objects of a snapshot. */
export interface Kinds {
  /** The kind as it is served, or as a definition of the snapshot will make it. */
  resource(apiVersion: string, kind: string): Resource | null;
  /** Why a kind is not known. */
  failure(apiVersion: string, kind: string): ApplyFailure;
}

/** Finds the kinds of a snapshot. One API group that does not answer costs its own objects only. */
export async function findKinds(
  snapshot: Snapshot,
  idOf: (id: string) => { kind: string },
  { kube, reader }: { kube: KubeClient; reader: () => Promise<SnapshotReader> },
): Promise<Kinds> {
  const wanted = new Map<string, Set<string>>();
  for (const { apiVersion, id } of snapshot.objects) {
    wanted.set(apiVersion, (wanted.get(apiVersion) ?? new Set()).add(idOf(id).kind));
  }
  const served = new Map<string, ReadonlyMap<string, Resource> | KubeError>();
  await Promise.all(
    [...wanted].map(async ([apiVersion, kinds]) => {
      if (apiVersion !== '') served.set(apiVersion, await discover(kube, apiVersion, kinds));
    }),
  );
  const find = (apiVersion: string, kind: string) => {
    const kinds = served.get(apiVersion);
    return kinds === undefined || kinds instanceof KubeError ? undefined : kinds.get(kind);
  };
  const isMissing = [...wanted].some(([version, kinds]) => [...kinds].some((kind) => !find(version, kind)));
  const coming = isMissing ? await definedKinds(snapshot, reader) : new Map<string, Resource>();
  return {
    resource: (apiVersion, kind) => find(apiVersion, kind) ?? coming.get(`${apiVersion}/${kind}`) ?? null,
    failure: (apiVersion, kind) => {
      const answer = served.get(apiVersion);
      return answer instanceof KubeError
        ? {
            reason: 'KindUnavailable',
            message: `${apiVersion} cannot be asked: ${answer.message}`,
            permanent: false,
            retry: 'backoff',
          }
        : {
            reason: 'MissingKind',
            message: `the cluster does not know ${kind} in ${apiVersion}, and the release does not define it`,
            permanent: false,
            retry: 'backoff',
          };
    },
  };
}

async function discover(
  kube: KubeClient,
  apiVersion: string,
  kinds: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Resource> | KubeError> {
  try {
    const known = await kube.discover(apiVersion);
    // What is remembered may be older than a definition that somebody has just installed.
    return [...kinds].every((kind) => known.has(kind)) ? known : await kube.discover(apiVersion, true);
  } catch (error) {
    // An aggregated API whose server is away answers so, while all others are there.
    if (error instanceof KubeError && !error.concernsServer) return error;
    throw error;
  }
}

async function definedKinds(
  snapshot: Snapshot,
  openReader: () => Promise<SnapshotReader>,
): Promise<Map<string, Resource>> {
  const kinds = new Map<string, Resource>();
  for (const source of snapshot.objects) {
    if (groupOf(source.apiVersion) !== 'apiextensions.k8s.io' || source.facts?.causes !== undefined) continue;
    if (parseObjectId(source.id).kind !== 'CustomResourceDefinition') continue;
    for (const resource of resourcesOfDefinition(await (await openReader()).object(source))) {
      kinds.set(`${resource.group}/${resource.version}/${resource.kind}`, resource);
    }
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
