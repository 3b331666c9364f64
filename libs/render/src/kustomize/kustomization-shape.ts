import type { Shape } from '../schema-shape.ts';
import { flag, text, textMap, texts, unsupported } from '../schema-shape.ts';

const fields = (of: Readonly<Record<string, Shape>>, required: readonly string[] = []): Shape => ({
  type: 'fields',
  fields: of,
  required,
});
const list = (of: Shape): Shape => ({ type: 'list', of });

const fieldSpec = fields({ group: text, version: text, kind: text, path: text, create: flag }, ['path']);
const label = fields({
  pairs: textMap,
  includeSelectors: flag,
  includeTemplates: flag,
  includeVolumeClaimTemplates: flag,
  fields: list(fieldSpec),
});
const image = fields({ name: text, newName: text, newTag: text, tagSuffix: text, digest: text });
const target = fields({
  group: text,
  version: text,
  kind: text,
  name: text,
  namespace: text,
  labelSelector: text,
  annotationSelector: text,
});
const patch = fields({
  path: text,
  patch: text,
  target,
  options: fields({ allowNameChange: flag, allowKindChange: flag }),
});
const options = fields({ labels: textMap, annotations: textMap, disableNameSuffixHash: flag, immutable: flag });
const generator = {
  name: text,
  namespace: text,
  behavior: { type: 'choice', of: ['create', 'replace', 'merge'] },
  literals: texts,
  files: texts,
  envs: texts,
  env: text,
  options,
} as const;

/** What is known but not done by this builder is named, so that the message is no "unknown field". */
const notYet = Object.fromEntries(
  [
    'bases',
    'buildMetadata',
    'configurations',
    'crds',
    'generators',
    'helmChartInflationGenerator',
    'helmCharts',
    'helmGlobals',
    'imageTags',
    'openapi',
    'patchesJson6902',
    'patchesStrategicMerge',
    'replacements',
    'transformers',
    'validators',
    'vars',
  ].map((field) => [field, unsupported]),
);

const sortOptions = fields({
  order: { type: 'choice', of: ['legacy', 'fifo'] },
  legacySortOptions: fields({ orderFirst: texts, orderLast: texts }),
});

export const kustomizationShape: Shape = fields({
  apiVersion: text,
  kind: { type: 'choice', of: ['Kustomization', 'Component'] },
  metadata: fields({ name: text, namespace: text, labels: textMap, annotations: textMap }),
  resources: texts,
  components: texts,
  namespace: text,
  namePrefix: text,
  nameSuffix: text,
  labels: list(label),
  commonLabels: textMap,
  commonAnnotations: textMap,
  images: list(image),
  replicas: list(fields({ name: text, count: { type: 'integer' } }, ['name', 'count'])),
  patches: list(patch),
  configMapGenerator: list(fields(generator, ['name'])),
  secretGenerator: list(fields({ ...generator, type: text }, ['name'])),
  generatorOptions: options,
  sortOptions,
  ...notYet,
});
