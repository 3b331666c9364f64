import type { Json, JsonObject, YamlPath } from '@fairlead/manifests';
import { isJsonObject } from '@fairlead/manifests';
import { oneOf } from '../app/choices.ts';
import { fail, findingAt, RenderFailure } from '../finding.ts';
import { flagOf, listOf, objectOf, textMapOf, textOf, textsOf } from '../json-reading.ts';
import { checkShape, withKnownNames } from '../schema-shape.ts';
import type { BuildMetadata, Kustomization, LabelEntry } from './kustomization.ts';
import { kustomizationShape } from './kustomization-shape.ts';
import { fieldSpecsOf, generatorOf, imageOf, optionsOf, replicaOf, varOf } from './read-entries.ts';
import type { Complain } from './read-patches.ts';
import { jsonPatchOf, patchOf } from './read-patches.ts';
import { replacementOf } from './read-replacements.ts';

const apiVersions = {
  Kustomization: 'kustomize.config.k8s.io/v1beta1',
  Component: 'kustomize.config.k8s.io/v1alpha1',
} as const;

/** Reads a kustomization; a field that this builder does not do is refused by name. */
export function readKustomization(written: Json, file: string, text: string): Kustomization {
  if (!isJsonObject(written)) fail({ file, message: 'the kustomization is empty or no map' });
  const place = (path: YamlPath) => ({ file, text, path });
  const value = withKnownNames(written, kustomizationShape);
  const problems = checkShape(value, kustomizationShape);
  if (problems.length > 0 || !isJsonObject(value)) {
    throw new RenderFailure(problems.map(({ path, message, hint }) => findingAt(place(path), message, hint)));
  }
  const at =
    (...path: YamlPath): Complain =>
    (message) => {
      throw new RenderFailure([findingAt(place(path), message)]);
    };
  const each = <T>(field: string, read: (entry: Json, complain: Complain) => T): T[] =>
    listOf(value, field).map((entry, index) => read(entry, at(field, index)));
  const kind = kindOf(value, at('apiVersion'));
  if (isEmpty(value)) fail({ file, message: 'the kustomization is empty' });
  const options = optionsOf(objectOf(value, 'generatorOptions'));
  return {
    file,
    text,
    kind,
    openapi: openapiOf(value, at('openapi')),
    resources: [...textsOf(value, 'resources'), ...textsOf(value, 'bases')],
    components: textsOf(value, 'components'),
    crds: textsOf(value, 'crds'),
    configurations: textsOf(value, 'configurations'),
    namespace: textOf(value, 'namespace') ?? '',
    namePrefix: textOf(value, 'namePrefix') ?? '',
    nameSuffix: textOf(value, 'nameSuffix') ?? '',
    labels: each('labels', labelOf),
    commonLabels: textMapOf(value, 'commonLabels'),
    commonAnnotations: textMapOf(value, 'commonAnnotations'),
    images: [...listOf(value, 'images'), ...listOf(value, 'imageTags')].map(imageOf),
    replicas: each('replicas', replicaOf),
    patches: each('patches', patchOf),
    mergePatches: textsOf(value, 'patchesStrategicMerge'),
    jsonPatches: each('patchesJson6902', jsonPatchOf),
    replacements: each('replacements', (entry, complain) => {
      const path = textOf(entry, 'path') ?? '';
      if (path === '') return replacementOf(entry, { file }, complain);
      if (objectOf(entry, 'source') !== undefined || listOf(entry, 'targets').length > 0)
        complain('a replacement has either "path" or a source and targets');
      return { path };
    }),
    vars: each('vars', (entry) => varOf(entry, file)),
    configMaps: each('configMapGenerator', (entry) => generatorOf(entry, options)),
    secrets: each('secretGenerator', (entry) => generatorOf(entry, options)),
    generators: textsOf(value, 'generators'),
    transformers: textsOf(value, 'transformers'),
    buildMetadata: buildMetadataOf(value),
    sortProblem: sortProblemOf(value),
  };
}

function kindOf(value: JsonObject, complain: Complain): Kustomization['kind'] {
  const kind = oneOf(textOf(value, 'kind'), ['Kustomization', 'Component'], 'Kustomization');
  const apiVersion = textOf(value, 'apiVersion') || apiVersions[kind];
  if (apiVersion !== apiVersions[kind]) complain(`apiVersion must be ${apiVersions[kind]} for a ${kind}`);
  return kind;
}

// The old names of fields leave nothing behind when their lists are empty; for others an empty list is something.
const oldNames = new Set(['bases', 'imageTags', 'helmChartInflationGenerator']);

function isEmpty(value: JsonObject): boolean {
  return Object.entries(value).every(([key, field]) => {
    if (key === 'apiVersion' || key === 'kind' || field === null || field === '') return true;
    return oldNames.has(key) && Array.isArray(field) && field.length === 0;
  });
}

function labelOf(entry: Json): LabelEntry {
  return {
    pairs: textMapOf(entry, 'pairs'),
    includeSelectors: flagOf(entry, 'includeSelectors') ?? false,
    includeTemplates: flagOf(entry, 'includeTemplates') ?? false,
    includeVolumeClaimTemplates: flagOf(entry, 'includeVolumeClaimTemplates') ?? false,
    fields: fieldSpecsOf(entry, 'fields'),
  };
}

function openapiOf(value: JsonObject, complain: Complain): Kustomization['openapi'] {
  const openapi = objectOf(value, 'openapi');
  const path = textOf(openapi, 'path') ?? '';
  const version = textOf(openapi, 'version') ?? '';
  if (openapi !== undefined && Object.hasOwn(openapi, 'path') && Object.hasOwn(openapi, 'version'))
    complain('openapi has either a path or a version');
  return { path, version };
}

function buildMetadataOf(value: JsonObject): BuildMetadata[] {
  // Kustomize does not look at options that it does not know.
  return textsOf(value, 'buildMetadata').flatMap((option) =>
    option === 'managedByLabel' || option === 'originAnnotations' || option === 'transformerAnnotations'
      ? [option]
      : [],
  );
}

// Objects are sorted for application anyway; only what kustomize refuses matters.
function sortProblemOf(value: JsonObject): string | null {
  const options = objectOf(value, 'sortOptions');
  if (options === undefined) return null;
  const order = textOf(options, 'order') ?? '';
  if (order !== 'legacy' && order !== 'fifo') return 'sortOptions.order must be legacy or fifo';
  const hasLegacy = objectOf(options, 'legacySortOptions') !== undefined;
  return order === 'fifo' && hasLegacy ? 'legacySortOptions are for the order legacy' : null;
}
