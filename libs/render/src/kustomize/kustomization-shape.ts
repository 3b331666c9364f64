import type { Shape } from '../schema-shape.ts';
import { flag, text, textMap, texts } from '../schema-shape.ts';

const fields = (of: Readonly<Record<string, Shape>>, required: readonly string[] = []): Shape => ({
  type: 'fields',
  fields: of,
  required,
});
const list = (of: Shape): Shape => ({ type: 'list', of });
const integer: Shape = { type: 'integer' };

const external = 'set "engine: external" to build with the kustomize program';
const refused = (hint: string): Shape => ({ type: 'unsupported', hint });

const gvk = { group: text, version: text, kind: text };
const fieldSpec = fields({ ...gvk, path: text, create: flag }, ['path']);
export const fieldSpecs = list(fieldSpec);
const label = fields({
  pairs: textMap,
  includeSelectors: flag,
  includeTemplates: flag,
  includeVolumeClaimTemplates: flag,
  fields: fieldSpecs,
});
export const imageShape = fields({ name: text, newName: text, newTag: text, tagSuffix: text, digest: text });
export const replicaShape = fields({ name: text, count: integer }, ['name', 'count']);
const resourceId = { ...gvk, name: text, namespace: text };
export const targetShape = fields({ ...resourceId, labelSelector: text, annotationSelector: text });
export const patchOptions = fields({ allowNameChange: flag, allowKindChange: flag });
const patch = fields({ path: text, patch: text, target: targetShape, options: patchOptions });
const options = fields({ labels: textMap, annotations: textMap, disableNameSuffixHash: flag, immutable: flag });
export const generatorFields = {
  name: text,
  namespace: text,
  behavior: text,
  literals: texts,
  files: texts,
  envs: texts,
  env: text,
  options,
} as const;

const fieldOptions = fields({ delimiter: text, index: integer, encoding: text, create: flag });
const replacement = {
  source: fields({ ...resourceId, fieldPath: text, options: fieldOptions }),
  sourceValue: text,
  targets: list(fields({ select: targetShape, reject: list(targetShape), fieldPaths: texts, options: fieldOptions })),
};
/** What a file with replacements has, alone or as the items of a list. */
export const replacementShape = fields(replacement);
export const replacementsShape = list(fields({ ...replacement, path: text }));

const variable = fields(
  { name: text, objref: fields({ ...resourceId, apiVersion: text }), fieldref: fields({ fieldPath: text }) },
  ['name', 'objref'],
);

const sortOptions = fields({
  order: text,
  legacySortOptions: fields({ orderFirst: texts, orderLast: texts }),
});

export const kustomizationShape: Shape = fields({
  apiVersion: text,
  kind: { type: 'choice', of: ['Kustomization', 'Component'] },
  metadata: fields({ name: text, namespace: text, labels: textMap, annotations: textMap }),
  openapi: textMap,
  resources: texts,
  bases: texts,
  components: texts,
  crds: texts,
  configurations: texts,
  namespace: text,
  namePrefix: text,
  nameSuffix: text,
  labels: list(label),
  commonLabels: textMap,
  commonAnnotations: textMap,
  images: list(imageShape),
  imageTags: list(imageShape),
  replicas: list(replicaShape),
  patches: list(patch),
  patchesStrategicMerge: texts,
  patchesJson6902: list(patch),
  replacements: replacementsShape,
  vars: list(variable),
  configMapGenerator: list(fields(generatorFields, ['name'])),
  secretGenerator: list(fields({ ...generatorFields, type: text }, ['name'])),
  generatorOptions: options,
  generators: texts,
  transformers: texts,
  buildMetadata: texts,
  sortOptions,
  validators: refused(`validators run programs; ${external}`),
  helmCharts: refused(`declare the chart as a source of the app, or ${external}`),
  helmGlobals: refused(`declare the chart as a source of the app, or ${external}`),
  helmChartInflationGenerator: refused(`declare the chart as a source of the app, or ${external}`),
});
