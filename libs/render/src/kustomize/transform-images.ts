import type { Json } from '@fairlead/manifests';
import { fieldOf, isJsonObject } from '@fairlead/manifests';
import type { TextPattern } from '../text-pattern.ts';
import { compilePattern } from '../text-pattern.ts';
import { FieldPathError, visitField } from './field-path.ts';
import { imageFields } from './field-specs.ts';
import type { Resource } from './resource.ts';

export interface ImageChange {
  readonly name: string;
  readonly newName?: string;
  readonly newTag?: string;
  readonly tagSuffix?: string;
  readonly digest?: string;
}

/** Changes the images with a name, in pod specs and in every list called `containers` or `initContainers`. */
export function changeImages(resources: readonly Resource[], change: ImageChange): void {
  const pattern = compilePattern(
    `${change.name}(:[a-zA-Z0-9_.{}-]*)?(@[a-zA-Z0-9]+([.+_-][a-zA-Z0-9]+)*:[a-zA-Z0-9_.{}-]*)?`,
  );
  if (pattern === null) return;
  const workloads = resources.filter((resource) => resource.object.kind !== 'CustomResourceDefinition');
  for (const { object } of workloads) changeContainers(object, pattern, change);
  for (const { object } of workloads) {
    for (const spec of imageFields) visitField(object, spec, 'none', (image) => changeImage(image, pattern, change));
  }
}

function changeContainers(value: Json, pattern: TextPattern, change: ImageChange): void {
  if (Array.isArray(value)) {
    for (const item of value) changeContainers(item, pattern, change);
    return;
  }
  if (!isJsonObject(value)) return;
  for (const key in value) {
    const field = value[key];
    if (field === undefined || typeof field !== 'object') continue;
    changeContainers(field, pattern, change);
    if ((key === 'containers' || key === 'initContainers') && Array.isArray(field)) {
      for (const container of field) changeContainer(container, pattern, change);
    }
  }
}

function changeContainer(container: Json, pattern: TextPattern, change: ImageChange): void {
  if (container === null) return;
  if (!isJsonObject(container)) throw new FieldPathError('a container must be a map');
  const image = fieldOf(container, 'image');
  if (image !== undefined) container['image'] = changeImage(image, pattern, change) ?? image;
}

function changeImage(image: Json, pattern: TextPattern, change: ImageChange): Json | undefined {
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
