import fc from 'fast-check';
import type { JsonObject } from '@fairlead/manifests';
import { anyName } from './arbitrary-objects.ts';
import { jsonPatch, mergePatch } from './arbitrary-patches.ts';

// Random fields beyond the plain ones: replacements, variables, configurations, old forms, plugins by file.

const kinds = ['Deployment', 'StatefulSet', 'ConfigMap', 'Secret', 'Service', 'Ingress', 'Gate', 'ServiceAccount'];
const sourcePaths = [
  undefined,
  'metadata.name',
  'metadata.namespace',
  'metadata.labels.app',
  'metadata.labels',
  'data.k',
  'spec.replicas',
  'spec.template.spec.containers.0.image',
  'spec.template.spec.containers.[name=app].ports.0.containerPort',
  'spec.ports.0.port',
  'spec.selector',
];
const targetPaths = [
  'metadata.labels.app',
  'metadata.labels.fresh',
  'metadata.annotations.a',
  'data.k',
  'spec.replicas',
  'spec.fresh.deep',
  'spec.template.spec.containers.*.image',
  'spec.template.spec.containers.[name=app].image',
  'spec.template.spec.containers.[name=a].env.[name=A].value',
  'spec.ports.0.targetPort',
  'spec.list.0',
  'metadata.name',
];
const options = fc.record(
  {
    delimiter: fc.constantFrom(':', '/', '-'),
    index: fc.integer({ min: -1, max: 2 }),
    create: fc.boolean(),
  },
  { requiredKeys: [] },
);
const selector = fc.record(
  {
    kind: fc.constantFrom(...kinds, 'Deployment|StatefulSet', '.*Set'),
    name: fc.constantFrom('web', 'api', 'cfg', 'w.*'),
    namespace: fc.constantFrom('shop', 'default'),
    labelSelector: fc.constantFrom('app', 'app=x', '!tier'),
  },
  { requiredKeys: [] },
);
const given = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

// Targets that fit: what is not there is made.
const fittingTarget = fc
  .tuple(
    fc.constantFrom<readonly [string, string]>(
      ['ConfigMap', 'data.k'],
      ['ConfigMap', 'data.fresh'],
      ['Deployment', 'metadata.labels.fresh'],
      ['Deployment', 'spec.template.metadata.annotations.note'],
      ['Deployment', 'spec.template.spec.containers.*.env.[name=NEW].value'],
      ['StatefulSet|Deployment', 'spec.template.spec.containers.0.image'],
      ['Service', 'metadata.annotations.a'],
      ['Gate', 'spec.fresh.deep'],
      ['Secret', 'stringData.s'],
      ['.*', 'metadata.labels.app'],
    ),
    options,
  )
  .map(([[kind, path], chosen]) => ({ select: { kind }, fieldPaths: [path], options: { ...chosen, create: true } }));

const replacement = fc
  .record(
    {
      source: fc.record(
        { kind: fc.constantFrom(...kinds), name: anyName, fieldPath: fc.constantFrom(...sourcePaths), options },
        { requiredKeys: ['kind', 'name'] },
      ),
      targets: fc.array(
        fc.record(
          {
            select: selector,
            reject: fc.array(selector, { maxLength: 1 }),
            fieldPaths: fc.uniqueArray(fc.constantFrom(...targetPaths), { minLength: 1, maxLength: 2 }),
            options,
          },
          { requiredKeys: ['select', 'fieldPaths'] },
        ),
        { minLength: 1, maxLength: 1 },
      ),
      fitting: fc.array(fittingTarget, { minLength: 1, maxLength: 2 }),
      isWild: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
    },
    { requiredKeys: ['source', 'targets', 'fitting', 'isWild'] },
  )
  .map(({ source, targets, fitting, isWild }) => given({ source, targets: isWild ? targets : fitting }));

const variable = fc.record({
  name: fc.constantFrom('HOST', 'PORT'),
  objref: fc.record({
    apiVersion: fc.constantFrom('v1', 'apps/v1'),
    kind: fc.constantFrom('ConfigMap', 'Service', 'Deployment'),
    name: anyName,
  }),
  fieldref: fc.constantFrom<JsonObject>(
    {},
    { fieldPath: 'metadata.name' },
    { fieldpath: 'spec.ports[0].port' },
    { fieldPath: 'spec.replicas' },
  ),
});

const fieldSpec = fc.record(
  {
    path: fc.constantFrom('spec/config', 'spec/service/name', 'metadata/labels', 'spec/list', 'spec/template/spec/x'),
    kind: fc.constantFrom('Gate', 'Deployment', 'Service'),
    create: fc.boolean(),
  },
  { requiredKeys: ['path'] },
);
const fieldSpecs = fc.array(fieldSpec, { minLength: 1, maxLength: 2 });
const configuration = fc
  .record(
    {
      commonLabels: fieldSpecs,
      commonAnnotations: fieldSpecs,
      namespace: fieldSpecs,
      varReference: fieldSpecs,
      nameReference: fc.array(
        fc.record(
          { kind: fc.constantFrom('ConfigMap', 'Service', 'Secret'), version: fc.constant('v1'), fieldSpecs },
          { requiredKeys: ['kind', 'fieldSpecs'] },
        ),
        { maxLength: 2 },
      ),
    },
    { requiredKeys: [] },
  )
  .map(given);

const plugin = fc
  .oneof(
    fc.record({
      kind: fc.constant('LabelTransformer'),
      labels: fc.constant({ by: 'plugin' }),
      fieldSpecs: fc.constantFrom([{ path: 'metadata/labels', create: true }], [{ path: 'spec/selector/matchLabels' }]),
    }),
    fc.record({
      kind: fc.constantFrom('PrefixTransformer', 'SuffixTransformer'),
      prefix: fc.constant('x-'),
      suffix: fc.constant('-y'),
      fieldSpecs: fc.constantFrom([{ path: 'metadata/name' }], [{ path: 'metadata/name', kind: 'ConfigMap' }]),
    }),
    fc.record({
      kind: fc.constant('NamespaceTransformer'),
      unsetOnly: fc.boolean(),
      setRoleBindingSubjects: fc.constantFrom('none', 'allServiceAccounts', 'defaultOnly'),
    }),
    fc.record({
      kind: fc.constant('PatchTransformer'),
      patch: jsonPatch.map((operations) => JSON.stringify(operations)),
      target: fc.record({ kind: fc.constantFrom(...kinds) }),
    }),
  )
  .map((fields) => ({
    apiVersion: 'builtin',
    metadata: { name: 'plugin', ...(fields.kind === 'NamespaceTransformer' ? { namespace: 'late' } : {}) },
    ...fields,
  }));

/** Fields with one more file: `configurations` and `transformers` stand for what is in it. */
export interface MoreFields {
  readonly fields: JsonObject;
  readonly files: Readonly<Record<string, string>>;
}

export const moreFields: fc.Arbitrary<MoreFields> = fc
  .record(
    {
      replacements: fc.array(replacement, { minLength: 1, maxLength: 2 }),
      vars: fc.uniqueArray(variable, { minLength: 1, maxLength: 2, selector: ({ name }) => name }),
      configuration,
      plugin,
      mergePatch,
      jsonPatch,
      metadata: fc.subarray(['managedByLabel', 'originAnnotations', 'transformerAnnotations'], { minLength: 1 }),
      chosen: fc.subarray(
        ['replacements', 'replacements', 'vars', 'configuration', 'plugin', 'mergePatch', 'jsonPatch', 'metadata'],
        { minLength: 1, maxLength: 2 },
      ),
    },
    { requiredKeys: ['chosen'] },
  )
  .map(({ chosen, ...all }) => {
    const has = (name: string): boolean => chosen.includes(name);
    const fields: JsonObject = {};
    const files: Record<string, string> = {};
    if (has('replacements') && all.replacements !== undefined)
      fields['replacements'] = given(all.replacements) as never;
    if (has('vars') && all.vars !== undefined) fields['vars'] = given(all.vars) as never;
    if (has('metadata') && all.metadata !== undefined) fields['buildMetadata'] = all.metadata;
    if (has('mergePatch') && all.mergePatch !== undefined)
      fields['patchesStrategicMerge'] = [JSON.stringify(all.mergePatch)];
    if (has('jsonPatch') && all.jsonPatch !== undefined) {
      const target = { group: 'apps', version: 'v1', kind: 'Deployment', name: 'web' };
      fields['patchesJson6902'] = [{ target, patch: JSON.stringify(all.jsonPatch) }];
    }
    if (has('configuration') && all.configuration !== undefined) {
      fields['configurations'] = ['config.yaml'];
      files['config.yaml'] = JSON.stringify(all.configuration);
    }
    if (has('plugin') && all.plugin !== undefined) {
      fields['transformers'] = ['plugin.yaml'];
      files['plugin.yaml'] = JSON.stringify(all.plugin);
    }
    return { fields, files };
  });
