import type { Json, JsonObject, YamlPath } from '@fairlead/manifests';
import { canonicalJson, fieldOf, isJsonObject } from '@fairlead/manifests';
import type { PatchTarget } from '../app/patch-target.ts';
import { oneOf } from '../app/choices.ts';
import { fail, findingAt, RenderFailure } from '../finding.ts';
import { flagOf, listOf, numberOf, objectOf, textMapOf, textOf, textsOf } from '../json-reading.ts';
import { checkShape } from '../schema-shape.ts';
import type { FieldSpec } from './field-path.ts';
import type { GeneratorEntry, GeneratorOptions, Kustomization, LabelEntry, PatchEntry } from './kustomization.ts';
import { kustomizationShape } from './kustomization-shape.ts';

const apiVersions = {
  Kustomization: 'kustomize.config.k8s.io/v1beta1',
  Component: 'kustomize.config.k8s.io/v1alpha1',
} as const;

/** Reads a kustomization; a field that this builder does not do is refused by name. */
export function readKustomization(value: Json, file: string, text: string): Kustomization {
  if (!isJsonObject(value)) fail({ file, message: 'the kustomization is empty or no map' });
  const place = (path: YamlPath) => ({ file, text, path });
  const problems = checkShape(value, kustomizationShape);
  if (problems.length > 0) {
    throw new RenderFailure(problems.map(({ path, message, hint }) => findingAt(place(path), message, hint)));
  }
  const kind = oneOf(textOf(value, 'kind'), ['Kustomization', 'Component'], 'Kustomization');
  const apiVersion = textOf(value, 'apiVersion') || apiVersions[kind];
  if (apiVersion !== apiVersions[kind]) {
    throw new RenderFailure([
      findingAt(place(['apiVersion']), `apiVersion must be ${apiVersions[kind]} for a ${kind}`),
    ]);
  }
  const isEmpty = Object.entries(value).every(
    ([key, field]) => key === 'apiVersion' || key === 'kind' || isNothing(field),
  );
  if (isEmpty) fail({ file, message: 'the kustomization is empty' });
  const options = optionsOf(objectOf(value, 'generatorOptions'));
  return {
    file,
    text,
    kind,
    resources: textsOf(value, 'resources'),
    components: textsOf(value, 'components'),
    namespace: textOf(value, 'namespace') ?? '',
    namePrefix: textOf(value, 'namePrefix') ?? '',
    nameSuffix: textOf(value, 'nameSuffix') ?? '',
    labels: listOf(value, 'labels').map(labelOf),
    commonLabels: textMapOf(value, 'commonLabels'),
    commonAnnotations: textMapOf(value, 'commonAnnotations'),
    images: listOf(value, 'images').map((image) => ({
      name: textOf(image, 'name') ?? '',
      newName: textOf(image, 'newName') ?? '',
      newTag: textOf(image, 'newTag') ?? '',
      tagSuffix: textOf(image, 'tagSuffix') ?? '',
      digest: textOf(image, 'digest') ?? '',
    })),
    replicas: listOf(value, 'replicas').map((replica) => ({
      name: textOf(replica, 'name') ?? '',
      count: numberOf(replica, 'count') ?? 0,
    })),
    patches: listOf(value, 'patches').map((patch, index) =>
      patchOf(patch, (message) => new RenderFailure([findingAt(place(['patches', index]), message)])),
    ),
    configMaps: listOf(value, 'configMapGenerator').map((entry) => generatorOf(entry, options)),
    secrets: listOf(value, 'secretGenerator').map((entry) => generatorOf(entry, options)),
  };
}

function isNothing(field: Json): boolean {
  return (
    field === null || field === '' || (Array.isArray(field) && field.length === 0) || canonicalJson(field) === '{}'
  );
}

function labelOf(entry: Json): LabelEntry {
  return {
    pairs: textMapOf(entry, 'pairs'),
    includeSelectors: flagOf(entry, 'includeSelectors') ?? false,
    includeTemplates: flagOf(entry, 'includeTemplates') ?? false,
    includeVolumeClaimTemplates: flagOf(entry, 'includeVolumeClaimTemplates') ?? false,
    fields: listOf(entry, 'fields').map(fieldSpecOf),
  };
}

function fieldSpecOf(entry: Json): FieldSpec {
  const given = (['group', 'version', 'kind'] as const).flatMap((key) => {
    const value = textOf(entry, key);
    return value ? [[key, value] as const] : [];
  });
  return { ...Object.fromEntries(given), path: textOf(entry, 'path') ?? '', create: flagOf(entry, 'create') ?? false };
}

function patchOf(entry: Json, problem: (message: string) => RenderFailure): PatchEntry {
  const text = (textOf(entry, 'patch') ?? '').trim();
  const path = textOf(entry, 'path') ?? '';
  if (text === '' && path === '') throw problem('a patch needs "path" or "patch"');
  if (text !== '' && path !== '') throw problem('a patch has either "path" or "patch"');
  const options = objectOf(entry, 'options');
  const target = fieldOf(entry, 'target');
  return {
    source: text === '' ? { path } : { text },
    target: isJsonObject(target) ? targetOf(target) : null,
    allowNameChange: flagOf(options, 'allowNameChange') ?? false,
    allowKindChange: flagOf(options, 'allowKindChange') ?? false,
  };
}

function targetOf(target: JsonObject): PatchTarget {
  return Object.fromEntries(Object.entries(target).filter(([, value]) => typeof value === 'string'));
}

function generatorOf(entry: Json, shared: GeneratorOptions): GeneratorEntry {
  const env = textOf(entry, 'env');
  return {
    name: textOf(entry, 'name') ?? '',
    namespace: textOf(entry, 'namespace') ?? '',
    behavior: oneOf(textOf(entry, 'behavior'), ['create', 'replace', 'merge'], 'create'),
    literals: textsOf(entry, 'literals'),
    files: textsOf(entry, 'files'),
    envs: [...textsOf(entry, 'envs'), ...(env ? [env] : [])],
    options: mergeOptions(optionsOf(objectOf(entry, 'options')), shared),
    type: textOf(entry, 'type') || 'Opaque',
  };
}

function optionsOf(options: JsonObject | undefined): GeneratorOptions {
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
