import type { JsonObject, KubeObject } from '@fairlead/manifests';
import { fieldAt, fieldOf, isJsonObject } from '@fairlead/manifests';
import { podTemplatePath } from './pod-path.ts';

const serverMetadata = [
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
];

/** The object without what only a server may say: status, server metadata, the empty timestamps generators leave behind. */
export function withoutServerFields(object: KubeObject): KubeObject {
  const { status: _status, ...rest } = object;
  const metadata = { ...object.metadata };
  for (const field of serverMetadata) delete metadata[field];
  const result = { ...rest, metadata } as KubeObject;
  const path = podTemplatePath(object);
  const templateMetadata = path === null ? undefined : fieldAt(object, [...path, 'metadata']);
  if (path === null || !isJsonObject(templateMetadata) || fieldOf(templateMetadata, 'creationTimestamp') === undefined)
    return result;
  const { creationTimestamp: _timestamp, ...kept } = templateMetadata;
  return setAt(result, [...path, 'metadata'], kept) as KubeObject;
}

/** A copy with another value at a path that exists; what is beside the path is shared. */
export function setAt(object: JsonObject, path: readonly string[], value: JsonObject[string]): JsonObject {
  const [first, ...rest] = path;
  if (first === undefined) return object;
  const inner = fieldOf(object, first);
  if (rest.length === 0) return { ...object, [first]: value };
  return isJsonObject(inner) ? { ...object, [first]: setAt(inner, rest, value) } : object;
}
