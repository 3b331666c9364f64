import type { Feature } from './feature.ts';

const patchOf = (text: string): string => text;

const simple: readonly Feature[] = [
  { name: 'namespace', fields: { namespace: 'shop' } },
  { name: 'name-prefix', fields: { namePrefix: 'p-' } },
  { name: 'name-suffix', fields: { nameSuffix: '-s' } },
  { name: 'common-labels', fields: { commonLabels: { team: 'a', app: 'all' } } },
  { name: 'common-annotations', fields: { commonAnnotations: { owner: 'b', team: 'two' } } },
  { name: 'labels-metadata', fields: { labels: [{ pairs: { part: 'x' } }] } },
  { name: 'labels-selectors', fields: { labels: [{ pairs: { sel: 'y' }, includeSelectors: true }] } },
  { name: 'labels-templates', fields: { labels: [{ pairs: { tpl: 'z' }, includeTemplates: true }] } },
  {
    name: 'labels-claims',
    fields: { labels: [{ pairs: { vol: 'w' }, includeVolumeClaimTemplates: true, includeTemplates: true }] },
  },
  {
    name: 'labels-fields',
    fields: { labels: [{ pairs: { own: 'f' }, fields: [{ path: 'spec/selector', kind: 'Gate', create: true }] }] },
  },
  { name: 'image-tag', fields: { images: [{ name: 'nginx', newTag: '1.21' }] } },
  { name: 'image-name', fields: { images: [{ name: 'registry.example.dev:5000/side', newName: 'mirror/side' }] } },
  { name: 'image-digest', fields: { images: [{ name: 'busybox', digest: 'sha256:00ff' }] } },
  { name: 'image-pattern', fields: { images: [{ name: 'red.s', newTag: '7', digest: 'sha256:11' }] } },
  { name: 'image-suffix', fields: { images: [{ name: 'nginx', tagSuffix: '-alpine' }] } },
  { name: 'image-tags-legacy', fields: { imageTags: [{ name: 'nginx', newTag: '0.9' }] } },
  {
    name: 'replicas',
    fields: {
      replicas: [
        { name: 'web', count: 4 },
        { name: 'store', count: 0 },
      ],
    },
  },
];

const patches: readonly Feature[] = [
  {
    name: 'patch-inline',
    fields: {
      patches: [
        {
          patch: patchOf(
            'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {containers: [{name: app, image: nginx:2}]}}}\n',
          ),
        },
      ],
    },
  },
  {
    name: 'patch-file-target',
    fields: { patches: [{ path: 'by-label.yaml', target: { labelSelector: 'app=web', kind: 'Deploy.*' } }] },
    files: {
      'by-label.yaml': 'kind: any\nmetadata: {name: any, annotations: {patched: "yes"}}\nspec: {replicas: null}\n',
    },
  },
  {
    name: 'patch-json-target',
    fields: {
      patches: [
        {
          patch: '- op: add\n  path: /metadata/annotations\n  value: {fresh: yes}\n',
          target: { kind: 'Service|Ingress' },
        },
      ],
    },
  },
  {
    name: 'patch-directives',
    fields: {
      patches: [
        {
          patch:
            'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n' +
            '      containers:\n      - {name: side, $patch: delete}\n      volumes:\n      - $patch: replace\n' +
            '      - {name: only, emptyDir: {}}\n',
        },
      ],
    },
  },
  {
    name: 'patch-name-change',
    fields: {
      patches: [
        {
          patch: '- {op: replace, path: /metadata/name, value: config}',
          target: { kind: 'ConfigMap', name: 'settings' },
        },
      ],
    },
  },
  {
    name: 'patch-allow-name-change',
    fields: {
      patches: [
        {
          patch: 'apiVersion: v1\nkind: Service\nmetadata: {name: renamed}\n',
          target: { kind: 'Service', name: 'web' },
          options: { allowNameChange: true },
        },
      ],
    },
  },
  {
    name: 'patch-delete',
    fields: {
      patches: [{ patch: '$patch: delete\napiVersion: example.dev/v1\nkind: Gate\nmetadata: {name: gate}\n' }],
    },
  },
  {
    name: 'patches-strategic-merge-file',
    fields: { patchesStrategicMerge: ['legacy.yaml'] },
    files: {
      'legacy.yaml':
        'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: store, labels: {legacy: "1"}}\nspec: {replicas: 5}\n---\n' +
        'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 81, name: more}]}\n',
    },
  },
  {
    name: 'patches-strategic-merge-inline',
    fields: {
      patchesStrategicMerge: ['apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: runner\nsecrets: [{name: x}]\n'],
    },
  },
  {
    name: 'patches-json6902',
    fields: {
      patchesJson6902: [
        {
          target: { group: 'apps', version: 'v1', kind: 'Deployment', name: 'web' },
          patch: '[{"op": "replace", "path": "/spec/replicas", "value": 9}]',
        },
        { target: { version: 'v1', kind: 'ConfigMap', name: 'settings' }, path: 'legacy-json.yaml' },
      ],
    },
    files: { 'legacy-json.yaml': '- op: add\n  path: /data/extra\n  value: "1"\n' },
  },
];

const generators: readonly Feature[] = [
  {
    name: 'config-map-generator',
    fields: { configMapGenerator: [{ name: 'made', literals: ['A=1', 'B="two"'], files: ['in.txt', 'k=in.txt'] }] },
    files: { 'in.txt': 'line one\nline two\n' },
  },
  {
    name: 'config-map-merge',
    fields: { configMapGenerator: [{ name: 'settings', behavior: 'merge', literals: ['mode=merged', 'new=1'] }] },
  },
  {
    name: 'config-map-options',
    fields: {
      configMapGenerator: [
        {
          name: 'frozen',
          namespace: 'default',
          envs: ['vars.env'],
          options: { immutable: true, labels: { l: '1' }, annotations: { n: '2' }, disableNameSuffixHash: true },
        },
      ],
    },
    files: { 'vars.env': 'X=1\n# no\nY = 2\n' },
  },
  {
    name: 'config-map-env-legacy',
    fields: { configMapGenerator: [{ name: 'old', env: 'old.env' }] },
    files: { 'old.env': 'Z=9\n' },
  },
  {
    name: 'secret-generator',
    fields: { secretGenerator: [{ name: 'hidden', type: 'kubernetes.io/tls', literals: ['tls.crt=a', 'tls.key=b'] }] },
  },
  {
    name: 'secret-merge',
    fields: { secretGenerator: [{ name: 'passwords', behavior: 'merge', literals: ['token=t'] }] },
  },
  {
    name: 'secret-replace',
    fields: { secretGenerator: [{ name: 'passwords', behavior: 'replace', literals: ['only=this'] }] },
  },
  { name: 'generator-options', fields: { generatorOptions: { labels: { gen: 'yes' }, annotations: { g: '1' } } } },
  { name: 'generator-no-hash', fields: { generatorOptions: { disableNameSuffixHash: true } } },
];

const replacements: readonly Feature[] = [
  {
    name: 'replacement-simple',
    fields: {
      replacements: [
        {
          source: { kind: 'ConfigMap', name: 'settings', fieldPath: 'data.host' },
          targets: [
            {
              select: { kind: 'Deployment', name: 'web' },
              fieldPaths: ['spec.template.spec.containers.[name=app].env.[name=HOST].value'],
            },
            { select: { kind: 'Ingress' }, fieldPaths: ['spec.rules.0.host', 'spec.rules.*.host'] },
          ],
        },
      ],
    },
  },
  {
    name: 'replacement-name',
    fields: {
      replacements: [
        {
          source: { kind: 'Service', name: 'web' },
          targets: [
            {
              select: { kind: 'Gate' },
              fieldPaths: ['spec.service', 'metadata.annotations.service'],
              options: { create: true },
            },
          ],
        },
      ],
    },
  },
  {
    name: 'replacement-delimiter',
    fields: {
      replacements: [
        {
          source: { kind: 'ConfigMap', name: 'settings', fieldPath: 'data.host', options: { delimiter: '.', index: 1 } },
          targets: [
            {
              select: { kind: 'Deployment' },
              fieldPaths: ['spec.template.spec.containers.*.image'],
              options: { delimiter: ':', index: 1 },
            },
            {
              select: { kind: 'Gate' },
              fieldPaths: ['spec.image'],
              options: { delimiter: '/', index: -1 },
            },
            { select: { kind: 'StatefulSet' }, fieldPaths: ['metadata.labels.app'], options: { delimiter: '-', index: 9 } },
          ],
        },
      ],
    },
  },
  {
    name: 'replacement-number',
    fields: {
      replacements: [
        {
          source: { kind: 'Gate', name: 'gate', fieldPath: 'spec.replicas' },
          targets: [
            {
              select: { group: 'apps' },
              reject: [{ kind: 'StatefulSet' }],
              fieldPaths: ['spec.replicas', 'spec.template.metadata.annotations.port'],
            },
          ],
        },
        {
          source: { kind: 'ConfigMap', name: 'settings', fieldPath: 'data.port' },
          targets: [{ select: { kind: 'Service', name: 'web' }, fieldPaths: ['spec.ports.[name=http].targetPort'] }],
        },
      ],
    },
  },
  {
    name: 'replacement-whole',
    fields: {
      replacements: [
        {
          source: { kind: 'Deployment', name: 'web', fieldPath: 'metadata.labels' },
          targets: [{ select: { kind: 'Gate' }, fieldPaths: ['spec.selector', 'spec.copied'], options: { create: true } }],
        },
        {
          source: { kind: 'Gate', fieldPath: 'spec.hosts' },
          targets: [{ select: { kind: 'Gate' }, fieldPaths: ['spec.flags'] }],
        },
      ],
    },
  },
  {
    name: 'replacement-json',
    fields: {
      replacements: [
        {
          source: { kind: 'Service', name: 'web', fieldPath: 'metadata.name' },
          targets: [{ select: { kind: 'ConfigMap', name: 'settings' }, fieldPaths: ['data.json.a.b', 'data.json.list.1'] }],
        },
      ],
    },
  },
  {
    name: 'replacement-file',
    fields: { replacements: [{ path: 'replace.yaml' }, { path: 'replace-list.yaml' }] },
    files: {
      'replace.yaml':
        'source: {kind: Secret, name: passwords, fieldPath: stringData.user}\ntargets:\n' +
        '- select: {kind: CronJob}\n  fieldPaths: [spec.jobTemplate.spec.template.spec.containers.0.env.0.value]\n',
      'replace-list.yaml':
        '- sourceValue: fixed\n  targets:\n  - select: {name: gate}\n    fieldPaths: ["spec.hosts.[name=b].note"]\n' +
        '    options: {create: true}\n',
    },
  },
  {
    name: 'replacement-reject',
    fields: {
      replacements: [
        {
          sourceValue: 'green',
          targets: [
            {
              select: { labelSelector: 'app' },
              reject: [{ name: 'sto.*' }, { labelSelector: 'tier=front' }],
              fieldPaths: ['metadata.labels.color'],
              options: { create: true },
            },
          ],
        },
      ],
    },
  },
];

const custom: readonly Feature[] = [
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
        { patch: 'apiVersion: example.dev/v1\nkind: Gate\nmetadata: {name: gate}\nspec: {hosts: [{name: b, weight: 9}, {name: c}]}\n' },
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
  { name: 'build-metadata', fields: { buildMetadata: ['managedByLabel', 'originAnnotations', 'transformerAnnotations'] } },
  { name: 'sort-options', fields: { sortOptions: { order: 'legacy', legacySortOptions: { orderFirst: ['Gate'] } } } },
];

/** Everything a kustomization can say here. */
export const features: readonly Feature[] = [...simple, ...patches, ...generators, ...replacements, ...custom];
