import type { Json } from '@fairlead/manifests';
import { fieldOf, isJsonObject } from '@fairlead/manifests';
import { fail } from '../finding.ts';
import { FieldPathError, visitField } from './field-path.ts';
import { namespaceFields, namespaceName } from './field-specs.ts';
import type { Resource } from './resource.ts';
import { describeId } from './resource.ts';

/** Moves every namespaced resource, and the references to namespaces that are known, into a namespace. */
export function setNamespace(resources: readonly Resource[], namespace: string): void {
  if (namespace === '') return;
  const counts = new Map<string, number>();
  for (const resource of resources) count(counts, resource.id.key, 1);
  for (const resource of resources) {
    count(counts, resource.id.key, -1);
    resource.rememberId();
    moveResource(resource, namespace);
    const key = resource.id.key;
    // Compared with the resources that are not moved yet as well, as kustomize does it.
    if (count(counts, key, 1) > 1) {
      fail({ ...resource.origin, message: `the namespace makes two resources the same: ${describeId(resource.id)}` });
    }
  }
}

function moveResource(resource: Resource, namespace: string): void {
  const { object } = resource;
  const setText = (value: Json): Json => {
    if (typeof value === 'object') throw new FieldPathError('a namespace must be a text');
    return namespace;
  };
  if (!resource.isClusterScoped) object.metadata['namespace'] = namespace;
  if (object.kind === 'RoleBinding' || object.kind === 'ClusterRoleBinding')
    moveDefaultSubjects(object['subjects'], namespace);
  if (object.apiVersion === 'v1') visitField(object, namespaceName, 'text', setText);
  for (const spec of namespaceFields) visitField(object, spec, 'text', setText);
}

// Other service accounts follow through name references.
function moveDefaultSubjects(subjects: Json | undefined, namespace: string): void {
  if (subjects === undefined || subjects === null) return;
  if (!Array.isArray(subjects)) throw new FieldPathError('"subjects" must be a list');
  for (const subject of subjects) {
    if (isJsonObject(subject) && fieldOf(subject, 'name') === 'default') subject['namespace'] = namespace;
  }
}

function count(counts: Map<string, number>, key: string, step: number): number {
  const next = (counts.get(key) ?? 0) + step;
  counts.set(key, next);
  return next;
}
