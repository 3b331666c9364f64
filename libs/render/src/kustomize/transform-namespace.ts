import type { Json } from '@fairlead/manifests';
import { fieldOf, isJsonObject } from '@fairlead/manifests';
import { fail } from '../finding.ts';
import type { FieldSpec } from './field-path.ts';
import { FieldPathError, visitField } from './field-path.ts';
import type { Resource } from './resource.ts';
import { describeId } from './resource.ts';

/** Which subjects of role bindings move along; others follow through name references. */
export type SubjectMode = 'defaultOnly' | 'allServiceAccounts' | 'none';

export interface NamespaceChange {
  readonly namespace: string;
  readonly fields: readonly FieldSpec[];
  readonly subjects: SubjectMode;
  /** Leave what has a namespace already. */
  readonly unsetOnly: boolean;
}

/** Moves every namespaced resource, and the references to namespaces that are known, into a namespace. */
export function setNamespace(resources: readonly Resource[], change: NamespaceChange): void {
  if (change.namespace === '') return;
  const counts = new Map<string, number>();
  for (const resource of resources) count(counts, resource.id.key, 1);
  for (const resource of resources) {
    count(counts, resource.id.key, -1);
    resource.rememberId();
    moveResource(resource, change);
    const key = resource.id.key;
    // Compared with the resources that are not moved yet as well, as kustomize does it.
    if (count(counts, key, 1) > 1) {
      fail({ ...resource.origin, message: `the namespace makes two resources the same: ${describeId(resource.id)}` });
    }
  }
}

function moveResource(resource: Resource, change: NamespaceChange): void {
  const { object } = resource;
  const isBinding = object.kind === 'RoleBinding' || object.kind === 'ClusterRoleBinding';
  if (!resource.isClusterScoped) object.metadata['namespace'] = moved(object.metadata['namespace'] ?? null, change);
  if (isBinding) moveSubjects(object['subjects'], change);
  for (const spec of change.fields) {
    if (spec.path === 'metadata/namespace' || (spec.path === 'metadata/name' && object.apiVersion !== 'v1')) continue;
    const isSubjects = spec.path === 'subjects/namespace' && isBindingKind(spec.kind);
    if (isBinding && isSubjects) continue;
    visitField(object, spec, 'text', (value) => moved(value, change));
  }
}

function isBindingKind(kind: string | undefined): boolean {
  return kind === 'RoleBinding' || kind === 'ClusterRoleBinding';
}

function moved(value: Json, change: NamespaceChange): Json {
  if (typeof value === 'object' && value !== null) throw new FieldPathError('a namespace must be a text');
  if (change.unsetOnly && value !== null && value !== '') return value;
  return change.namespace;
}

function moveSubjects(subjects: Json | undefined, change: NamespaceChange): void {
  if (subjects === undefined || subjects === null || change.subjects === 'none') return;
  if (!Array.isArray(subjects)) throw new FieldPathError('"subjects" must be a list');
  const [field, wanted] = change.subjects === 'defaultOnly' ? ['name', 'default'] : ['kind', 'ServiceAccount'];
  for (const subject of subjects) {
    if (isJsonObject(subject) && fieldOf(subject, field) === wanted)
      subject['namespace'] = moved(subject['namespace'] ?? null, change);
  }
}

function count(counts: Map<string, number>, key: string, step: number): number {
  const next = (counts.get(key) ?? 0) + step;
  counts.set(key, next);
  return next;
}
