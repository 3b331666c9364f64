import type { Json, JsonObject } from '@fairlead/manifests';
import { fieldAt, fieldOf, isJsonObject } from '@fairlead/manifests';
import { KubeError } from './kube-error.ts';
import type { Resource } from './resource.ts';
import type { KubeTransport } from './transport.ts';

const aggregated = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .join(',');

/** Every kind that the cluster has and that can be listed and deleted, in the version that its group prefers. */
export interface AllKinds {
  readonly kinds: readonly Resource[];
  /** Groups whose kinds are not known now: the server that has them does not answer. */
  readonly unreachable: readonly string[];
}

export async function allKinds(transport: KubeTransport): Promise<AllKinds> {
  const found = new Map<string, Resource>();
  const unreachable: string[] = [];
  for (const path of ['/api', '/apis']) {
    const answer = JSON.parse(await transport.send({ method: 'GET', path, accept: aggregated })) as Json;
    if (fieldOf(answer, 'kind') !== 'APIGroupDiscoveryList') throw tooOld();
    for (const group of objects(fieldOf(answer, 'items'))) {
      const name = text(fieldAt(group, ['metadata', 'name']));
      for (const version of objects(fieldOf(group, 'versions'))) {
        if (fieldOf(version, 'freshness') === 'Stale') unreachable.push(name);
        for (const resource of resourcesOf(name, version)) {
          const key = `${resource.group}/${resource.kind}`;
          if (!found.has(key)) found.set(key, resource);
        }
      }
    }
  }
  return { kinds: [...found.values()], unreachable };
}

function resourcesOf(group: string, version: JsonObject): Resource[] {
  return objects(fieldOf(version, 'resources')).flatMap((entry) => {
    const verbs = fieldOf(entry, 'verbs');
    if (!Array.isArray(verbs) || !verbs.includes('list') || !verbs.includes('delete')) return [];
    return {
      group,
      version: text(fieldOf(version, 'version')),
      plural: text(fieldOf(entry, 'resource')),
      kind: text(fieldAt(entry, ['responseKind', 'kind'])),
      namespaced: fieldOf(entry, 'scope') === 'Namespaced',
    };
  });
}

function tooOld(): KubeError {
  const message = 'the API server has no aggregated discovery (Kubernetes 1.26 has it): what it serves is not known';
  return new KubeError({ status: 406, message, reason: 'NotAcceptable', causes: [], retryAfterMs: null });
}

function objects(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
