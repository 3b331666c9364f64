import { createHash } from 'node:crypto';
import type { JsonObject, KubeObject, ObjectId } from '@fairlead/manifests';
import { appLabel, fieldOf, isJsonObject, partOfLabel } from '@fairlead/manifests';

export { appLabel, partOfLabel };

/** Names the object it stands on: a copy on another object proves nothing. */
const trackingAnnotation = 'fairlead.dev/tracking-id';
export const inventoryLabel = 'fairlead.dev/inventory';
/** Names of the agent's own objects. */
export const agentNames = /^fairlead-(agent|inventory-)/;

export interface Marks {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Id of the set of objects of an app, as kubectl's ApplySets compute it from the parent object. */
export function applySetId(parentName: string, parentNamespace: string): string {
  const parent = `${parentNamespace}/${parentName}`;
  let id = applySetIds.get(parent);
  if (id === undefined) applySetIds.set(parent, (id = computeApplySetId(parentName, parentNamespace)));
  return id;
}

// Asked for with every event of every watch.
const applySetIds = new Map<string, string>();

function computeApplySetId(parentName: string, parentNamespace: string): string {
  const hash = createHash('sha256').update(`${parentName}.${parentNamespace}.ConfigMap.`).digest('base64url');
  return `applyset-${hash}-v1`;
}

/** Name of the inventory of an app. */
export function inventoryName(app: string): string {
  return `fairlead-inventory-${app}`;
}

/** What the agent adds to an object of an app. */
export function marksOf(app: string, id: ObjectId, agentNamespace: string): Marks {
  return {
    labels: { [appLabel]: app, [partOfLabel]: applySetId(inventoryName(app), agentNamespace) },
    annotations: { [trackingAnnotation]: trackingId(app, id) },
  };
}

/** What of the marks stands where, for taking them off again. */
export const markNames = { labels: [appLabel, partOfLabel], annotations: [trackingAnnotation] } as const;

function trackingId(app: string, id: ObjectId): string {
  return `${app}:${id.group}/${id.kind}:${id.namespace}/${id.name}`;
}

/** Whose an object is by its marks. Marks that were copied from another object name no owner. */
export interface MarkedOwner {
  readonly app: string;
  /** False: an agent with another namespace put the marks there. */
  readonly isOurs: boolean;
}

/** Reads the marks of an object; null when there are none, or when they belong to another object. */
export function markedOwner(id: ObjectId, marks: Marks, agentNamespace: string): MarkedOwner | null {
  const app = marks.labels[appLabel];
  if (app === undefined || marks.annotations[trackingAnnotation] !== trackingId(app, id)) return null;
  return { app, isOurs: marks.labels[partOfLabel] === applySetId(inventoryName(app), agentNamespace) };
}

/** Whether an object carries the marks of this app of this agent. */
export function isMarkedFor(app: string, id: ObjectId, marks: Marks, agentNamespace: string): boolean {
  const owner = markedOwner(id, marks, agentNamespace);
  return owner !== null && owner.isOurs && owner.app === app;
}

/** The object with marks added and in the namespace it is placed in; in none when its kind has none. */
export function withMarks(object: KubeObject, id: ObjectId, marks: Marks): KubeObject {
  const metadata: JsonObject = { ...object.metadata };
  if (id.namespace === '') delete metadata['namespace'];
  else metadata['namespace'] = id.namespace;
  metadata['labels'] = { ...fieldsOf(metadata, 'labels'), ...marks.labels };
  metadata['annotations'] = { ...fieldsOf(metadata, 'annotations'), ...marks.annotations };
  return { ...object, metadata: { ...metadata, name: object.metadata.name } } as KubeObject;
}

/** An object with the marks that another form of it carries. */
export function withMarksOf(marked: KubeObject, object: KubeObject): KubeObject {
  const metadata: JsonObject = { ...object.metadata, name: marked.metadata.name };
  for (const [field, names] of [
    ['labels', [appLabel, partOfLabel]],
    ['annotations', [trackingAnnotation]],
  ] as const) {
    const marks = Object.entries(fieldsOf(marked.metadata, field)).filter(([name]) =>
      names.some((mark) => mark === name),
    );
    metadata[field] = { ...fieldsOf(metadata, field), ...Object.fromEntries(marks) };
  }
  const { namespace } = marked.metadata;
  if (namespace !== undefined) metadata['namespace'] = namespace;
  return { ...object, metadata } as KubeObject;
}

function fieldsOf(object: JsonObject, field: string): JsonObject {
  const value = fieldOf(object, field);
  return isJsonObject(value) ? value : {};
}
