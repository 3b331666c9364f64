import type { Json } from '@fairlead/manifests';
import { fieldOf, isJsonObject } from '@fairlead/manifests';
import type { TextPattern } from '../text-pattern.ts';
import { compilePattern } from '../text-pattern.ts';
import type { FieldSpec } from './field-path.ts';
import { FieldPathError, visitField } from './field-path.ts';
import type { Resource } from './resource.ts';

export interface ImageChange {
  readonly name: string;
  readonly newName?: string;
  readonly newTag?: string;
  readonly tagSuffix?: string;
  readonly digest?: string;
}

/** A place where an image is named. */
type Holder = (change: (image: Json) => Json | undefined) => void;

/** Changes images by name, in pod specs and in every list called `containers` or `initContainers`. */
export function changeImages(
  resources: readonly Resource[],
  changes: readonly ImageChange[],
  fields: readonly FieldSpec[],
): void {
  if (changes.length === 0) return;
  const workloads = resources.filter((resource) => resource.object.kind !== 'CustomResourceDefinition');
  const holders: Holder[] = [];
  for (const { object } of workloads) findContainers(object, holders);
  for (const { object } of workloads) {
    for (const spec of fields) holders.push((visit) => visitField(object, spec, 'none', visit));
  }
  for (const change of changes) {
    const pattern = compilePattern(
      `${change.name}(:[a-zA-Z0-9_.{}-]*)?(@[a-zA-Z0-9]+([.+_-][a-zA-Z0-9]+)*:[a-zA-Z0-9_.{}-]*)?`,
    );
    if (pattern === null) continue;
    for (const holder of holders) holder((image) => changedImage(image, pattern, change));
  }
}

function findContainers(value: Json, holders: Holder[]): void {
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === 'object') findContainers(item, holders);
    return;
  }
  if (!isJsonObject(value)) return;
  for (const key in value) {
    const field = value[key];
    if (field === undefined || typeof field !== 'object') continue;
    findContainers(field, holders);
    const isContainers = (key === 'containers' || key === 'initContainers') && Array.isArray(field);
    if (isContainers) for (const container of field) if (container !== null) holders.push(containerHolder(container));
  }
}

function containerHolder(container: Json): Holder {
  if (!isJsonObject(container)) throw new FieldPathError('a container must be a map');
  return (change) => {
    const image = fieldOf(container, 'image');
    if (image !== undefined) container['image'] = change(image) ?? image;
  };
}

function changedImage(image: Json, pattern: TextPattern, change: ImageChange): Json | undefined {
  if (typeof image === 'object' && image !== null) throw new FieldPathError('an image must be a text');
  if (typeof image !== 'string' || !pattern.matches(image)) return undefined;
  const parts = splitImage(image);
  const name = change.newName || parts.name;
  const { tag, digest } = versionOf(parts, change);
  return `${name}${tag === '' ? '' : `:${tag}`}${digest === '' ? '' : `@${digest}`}`;
}

interface ImageParts {
  readonly name: string;
  readonly tag: string;
  readonly digest: string;
}

function versionOf(parts: ImageParts, change: ImageChange): { tag: string; digest: string } {
  const { newTag, digest, tagSuffix } = change;
  if (newTag) return { tag: newTag, digest: digest ?? '' };
  if (digest) return { tag: '', digest };
  if (tagSuffix) return { tag: parts.tag + tagSuffix, digest: '' };
  return parts;
}

/** Splits `host:port/name:tag@digest`; a colon before the first slash belongs to the host. */
function splitImage(image: string): ImageParts {
  const slash = Math.max(image.indexOf('/'), 0);
  const at = image.indexOf('@', slash);
  const colon = image.indexOf(':', slash);
  if (at < 0 && colon < 0) return { name: image, tag: '', digest: '' };
  if (at >= 0 && (colon < 0 || at < colon)) return { name: image.slice(0, at), tag: '', digest: image.slice(at + 1) };
  if (at < 0) return { name: image.slice(0, colon), tag: image.slice(colon + 1), digest: '' };
  return { name: image.slice(0, colon), tag: image.slice(colon + 1, at), digest: image.slice(at + 1) };
}
