import type { Json, JsonObject } from '@fairlead/manifests';
import { isJsonObject } from '@fairlead/manifests';
import { flagOf, listOf, numberOf, objectOf, textMapOf, textOf, textsOf } from '../json-reading.ts';
import type { FieldSpec } from './field-path.ts';
import { gvkOf } from './gvk.ts';
import type { GeneratorEntry, GeneratorOptions } from './kustomization.ts';
import type { GeneratorBehavior } from './resource.ts';
import type { ImageChange } from './transform-images.ts';
import type { ReplicaCount } from './transform-replicas.ts';
import type { Var } from './vars.ts';

// Readers for parts of kustomizations and plugin configurations whose shape was checked.

export function imageOf(image: Json | undefined): ImageChange {
  return {
    name: textOf(image, 'name') ?? '',
    newName: textOf(image, 'newName') ?? '',
    newTag: textOf(image, 'newTag') ?? '',
    tagSuffix: textOf(image, 'tagSuffix') ?? '',
    digest: textOf(image, 'digest') ?? '',
  };
}

export function replicaOf(replica: Json | undefined): ReplicaCount {
  return { name: textOf(replica, 'name') ?? '', count: numberOf(replica, 'count') ?? 0 };
}

export function fieldSpecsOf(value: Json | undefined, key: string): FieldSpec[] {
  return listOf(value, key).map((entry) => {
    const given = (['group', 'version', 'kind'] as const).flatMap((name) => {
      const text = textOf(entry, name);
      return text ? [[name, text] as const] : [];
    });
    const path = textOf(entry, 'path') ?? '';
    return { ...Object.fromEntries(given), path, create: flagOf(entry, 'create') ?? false };
  });
}

export function varOf(entry: Json, file: string): Var {
  const object = objectOf(entry, 'objref');
  const apiVersion = textOf(object, 'apiVersion') ?? '';
  const written = { group: textOf(object, 'group') ?? '', version: textOf(object, 'version') ?? '' };
  const kind = textOf(object, 'kind') ?? '';
  // Without a group in the apiVersion, the group that is given apart stays.
  const parsed = gvkOf(apiVersion, kind);
  const gvk = apiVersion === '' ? { ...written, kind } : { ...parsed, group: parsed.group || written.group };
  return {
    name: textOf(entry, 'name') ?? '',
    object: { ...gvk, name: textOf(object, 'name') ?? '', namespace: textOf(object, 'namespace') ?? '' },
    fieldPath: textOf(objectOf(entry, 'fieldref'), 'fieldPath') || 'metadata.name',
    file,
  };
}

export function generatorOf(entry: Json, shared: GeneratorOptions): GeneratorEntry {
  const env = textOf(entry, 'env');
  const options = isJsonObject(entry) ? objectOf(entry, 'options') : undefined;
  return {
    name: textOf(entry, 'name') ?? '',
    namespace: textOf(entry, 'namespace') ?? '',
    behavior: behaviorOf(textOf(entry, 'behavior')),
    literals: textsOf(entry, 'literals'),
    files: textsOf(entry, 'files'),
    envs: [...textsOf(entry, 'envs'), ...(env ? [env] : [])],
    options: mergeOptions(optionsOf(options), shared),
    type: textOf(entry, 'type') || 'Opaque',
  };
}

// Kustomize takes every other word for "create".
function behaviorOf(behavior: string | undefined): GeneratorBehavior {
  return behavior === 'replace' || behavior === 'merge' ? behavior : 'create';
}

export function optionsOf(options: JsonObject | undefined): GeneratorOptions {
  return {
    labels: textMapOf(options, 'labels'),
    annotations: textMapOf(options, 'annotations'),
    disableNameSuffixHash: flagOf(options, 'disableNameSuffixHash') ?? false,
    immutable: flagOf(options, 'immutable') ?? false,
  };
}

/** Own entries win; a flag that is set for all cannot be unset for one. */
function mergeOptions(own: GeneratorOptions, shared: GeneratorOptions): GeneratorOptions {
  return {
    labels: { ...shared.labels, ...own.labels },
    annotations: { ...shared.annotations, ...own.annotations },
    disableNameSuffixHash: own.disableNameSuffixHash || shared.disableNameSuffixHash,
    immutable: own.immutable || shared.immutable,
  };
}
