import type { Json, KubeObject, ObjectId } from '@fairlead/manifests';
import { compareForApply, fieldAt, fieldOf, formatObjectId, groupOf, objectId, ownerLabels } from '@fairlead/manifests';
import type { AppManifest } from './app/app-manifest.ts';
import { clusterScopedKinds } from './cluster-scoped-kinds.ts';
import type { Finding } from './finding.ts';
import { fail, failAll } from './finding.ts';
import type { Resource, ResourceChange, ResourceOrigin } from './kustomize/resource.ts';
import type { RenderLimits } from './source/source-tree.ts';

const kindForm = /^[A-Za-z][A-Za-z0-9]*$/;
const apiVersionForm = /^([a-z0-9][a-z0-9.-]*\/)?[a-z0-9]+$/;

/** An object as it leaves the render, with the place it came from. */
export interface FinishedObject {
  readonly object: KubeObject;
  readonly id: ObjectId;
  readonly origin: ResourceOrigin;
  readonly changes: readonly ResourceChange[];
}

/** Gives every namespaced object its namespace, refuses doubles, and sorts for application. */
export function finishObjects(
  app: AppManifest,
  resources: readonly Resource[],
  limits: RenderLimits,
): FinishedObject[] {
  if (resources.length > limits.maxObjects) fail({ file: app.file, message: `more than ${limits.maxObjects} objects` });
  const isClusterScoped = scopeOf(resources);
  const seen = new Map<string, Resource>();
  const finished: FinishedObject[] = [];
  const findings: Finding[] = [];
  for (const resource of resources) {
    const { object } = resource;
    if (isClusterScoped(object)) delete object.metadata['namespace'];
    else object.metadata['namespace'] ||= app.namespace;
    const id = objectId(object);
    const key = formatObjectId(id);
    const other = seen.get(key);
    if (other !== undefined) {
      const message = `${id.kind} "${id.name}" is there twice, also from ${placeOf(other)}`;
      findings.push({ ...resource.origin, message });
    }
    const causes = causesAgainst(object);
    if (causes.length > 0)
      findings.push({
        ...resource.origin,
        message: `${shownKind(id.kind)} ${JSON.stringify(id.name)} cannot be applied: ${causes.join('; ')}`,
      });
    seen.set(key, resource);
    finished.push({ object, id, origin: resource.origin, changes: resource.changes });
  }
  failAll(findings);
  finished.sort((left, right) => compareForApply(left.id, right.id));
  checkSize(
    app,
    finished.map(({ object }) => object),
    limits,
  );
  return finished;
}

function placeOf({ origin }: Resource): string {
  return origin.line === undefined ? origin.file : `${origin.file}:${origin.line}`;
}

/** What the agent would refuse in the end, wherever the build brought it from. */
function causesAgainst({ apiVersion, kind, metadata }: KubeObject): string[] {
  const causes: string[] = [];
  if (!isPathPart(metadata.name)) causes.push('its name cannot be part of a URL');
  if (metadata['namespace'] !== undefined && !isPathPart(String(metadata['namespace'])))
    causes.push('its namespace cannot be part of a URL');
  if (!kindForm.test(kind) || !apiVersionForm.test(apiVersion)) causes.push('there can be no such apiVersion and kind');
  if (fieldOf(metadata, 'generateName')) causes.push('generateName makes another object with every apply');
  for (const label of ownerLabels) {
    if (fieldAt(metadata, ['labels', label]) !== undefined)
      causes.push(`the label ${label} says whose an object is: only the agent sets it`);
  }
  return causes;
}

function shownKind(kind: string): string {
  return kindForm.test(kind) ? kind : JSON.stringify(kind);
}

/** What the API server takes for a name of any kind; a line break could also pass for the end of an id. */
function isPathPart(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/%\p{Cc}]/u.test(name);
}

/** Built-in kinds are known; a custom kind is cluster-scoped when its definition is here and says so. */
function scopeOf(resources: readonly Resource[]): (object: KubeObject) => boolean {
  const defined = new Set<string>();
  for (const { object } of resources) {
    if (object.kind !== 'CustomResourceDefinition' || fieldAt(object, ['spec', 'scope']) !== 'Cluster') continue;
    defined.add(`${String(fieldAt(object, ['spec', 'group']))}/${String(fieldAt(object, ['spec', 'names', 'kind']))}`);
  }
  return (object) => {
    const key = `${groupOf(object.apiVersion)}/${object.kind}`;
    return clusterScopedKinds.has(key) || defined.has(key);
  };
}

function checkSize(app: AppManifest, objects: readonly KubeObject[], limits: RenderLimits): void {
  const size = objects.reduce((sum, object) => sum + roughSize(object), 0);
  if (size > limits.maxOutputBytes) {
    fail({ file: app.file, message: `the objects are larger than ${limits.maxOutputBytes} bytes` });
  }
}

/** The characters of the JSON text, nearly: cheap, and enough for a limit. */
function roughSize(value: Json): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 4;
  let size = 2;
  if (Array.isArray(value)) for (const item of value) size += roughSize(item) + 1;
  else for (const key in value) size += key.length + 4 + roughSize(value[key] ?? null);
  return size;
}
