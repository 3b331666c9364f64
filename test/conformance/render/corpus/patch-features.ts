import type { Feature } from './feature.ts';

/** Patches of all forms. */
export const patchFeatures: readonly Feature[] = [
  {
    name: 'patch-inline',
    fields: {
      patches: [
        {
          patch:
            'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {containers: [{name: app, image: nginx:2}]}}}\n',
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
      patchesStrategicMerge: [
        'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: runner\nsecrets: [{name: x}]\n',
      ],
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
