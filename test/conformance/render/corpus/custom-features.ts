import type { Feature } from './feature.ts';

/** What changes how a build works, and what comes from other files. */
export const customFeatures: readonly Feature[] = [
  {
    name: 'vars',
    fields: {
      vars: [
        {
          name: 'HOST',
          objref: { apiVersion: 'v1', kind: 'ConfigMap', name: 'settings' },
          fieldref: { fieldpath: 'data.host' },
        },
        {
          name: 'PORT',
          objRef: { apiVersion: 'v1', kind: 'Service', name: 'web' },
          fieldRef: { fieldPath: 'spec.ports[0].port' },
        },
        { name: 'MODE', objref: { apiVersion: 'v1', kind: 'ServiceAccount', name: 'runner' } },
      ],
    },
  },
  {
    name: 'configurations',
    fields: { configurations: ['config.yaml'] },
    files: {
      'config.yaml':
        'nameReference:\n- kind: Service\n  version: v1\n  fieldSpecs:\n  - {path: spec/service, kind: Gate}\n' +
        '- kind: ConfigMap\n  fieldSpecs:\n  - {path: spec/config, kind: Gate}\n' +
        'commonLabels:\n- {path: spec/selector, kind: Gate, create: true}\n' +
        'commonAnnotations:\n- {path: spec/notes, kind: Gate, create: true}\n' +
        'namePrefix:\n- {path: spec/service, kind: Gate}\n' +
        'namespace:\n- {path: spec/namespace, kind: Gate, create: true}\n' +
        'images:\n- {path: spec/image, kind: Gate}\n' +
        'replicas:\n- {path: spec/replicas, kind: Gate}\n' +
        'varReference:\n- {path: spec/flags, kind: Gate}\n',
    },
  },
  {
    name: 'crds',
    fields: { crds: ['types.json'] },
    files: {
      'types.json': JSON.stringify({
        'dev.example.v1.Gate': {
          Schema: {
            properties: {
              apiVersion: { type: 'string' },
              kind: { type: 'string' },
              metadata: { type: 'object' },
              spec: { $ref: 'dev.example.v1.GateSpec' },
            },
          },
        },
        'dev.example.v1.GateSpec': {
          Schema: {
            properties: {
              config: {
                'x-kubernetes-object-ref-api-version': 'v1',
                'x-kubernetes-object-ref-kind': 'ConfigMap',
              },
              selector: { 'x-kubernetes-label-selector': '' },
              notes: { 'x-kubernetes-annotation': '' },
              service: { 'x-kubernetes-identity': '' },
            },
          },
        },
      }),
    },
  },
  {
    name: 'openapi',
    fields: {
      openapi: { path: 'schema.json' },
      patches: [
        {
          patch:
            'apiVersion: example.dev/v1\nkind: Gate\nmetadata: {name: gate}\nspec: {hosts: [{name: b, weight: 9}, {name: c}]}\n',
        },
      ],
    },
    files: {
      'schema.json': JSON.stringify({
        definitions: {
          'dev.example.Gate': {
            'x-kubernetes-group-version-kind': [{ group: 'example.dev', version: 'v1', kind: 'Gate' }],
            properties: { spec: { $ref: '#/definitions/dev.example.Spec' } },
          },
          'dev.example.Spec': {
            properties: {
              hosts: {
                type: 'array',
                items: { type: 'object' },
                'x-kubernetes-patch-strategy': 'merge',
                'x-kubernetes-patch-merge-key': 'name',
              },
            },
          },
        },
      }),
    },
  },
  {
    name: 'component',
    fields: { components: ['part'] },
    files: {
      'part/kustomization.yaml':
        'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnameSuffix: -c\nresources: [more.yaml]\n' +
        'images: [{name: nginx, newTag: part}]\n',
      'part/more.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: more}\ndata: {ref: settings}\n',
    },
  },
  {
    name: 'transformer-files',
    fields: { transformers: ['transformers.yaml', 'more-transformers'] },
    files: {
      'transformers.yaml':
        'apiVersion: builtin\nkind: LabelTransformer\nmetadata: {name: labels}\nlabels: {by: file}\nfieldSpecs: [{path: metadata/labels, create: true}]\n---\n' +
        'apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: patch}\npatch: "- {op: add, path: /spec/late, value: 1}"\ntarget: {kind: Gate}\n',
      'more-transformers/kustomization.yaml': 'resources: [prefix.yaml]\n',
      'more-transformers/prefix.yaml':
        'apiVersion: builtin\nkind: PrefixTransformer\nmetadata: {name: prefix}\nprefix: t-\nfieldSpecs: [{path: metadata/name}]\n',
    },
  },
  {
    name: 'transformer-inline',
    fields: {
      transformers: [
        'apiVersion: builtin\nkind: NamespaceTransformer\nmetadata: {name: ns, namespace: moved}\nsetRoleBindingSubjects: allServiceAccounts\nfieldSpecs: [{path: metadata/name, kind: Namespace, create: true}]\n',
      ],
    },
  },
  {
    name: 'generator-files',
    fields: { generators: ['generate.yaml'] },
    files: {
      'generate.yaml':
        'apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: from-file}\nliterals: [a=b]\n---\n' +
        'apiVersion: builtin\nkind: SecretGenerator\nmetadata: {name: passwords}\nbehavior: merge\nliterals: [late=1]\n',
    },
  },
  {
    name: 'build-metadata',
    fields: { buildMetadata: ['managedByLabel', 'originAnnotations', 'transformerAnnotations'] },
  },
  { name: 'sort-options', fields: { sortOptions: { order: 'legacy', legacySortOptions: { orderFirst: ['Gate'] } } } },
];
