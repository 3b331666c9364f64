import type { Feature } from './feature.ts';

/** Replacements. */
export const replacementFeatures: readonly Feature[] = [
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
          source: {
            kind: 'ConfigMap',
            name: 'settings',
            fieldPath: 'data.host',
            options: { delimiter: '.', index: 1 },
          },
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
            {
              select: { kind: 'StatefulSet' },
              fieldPaths: ['metadata.labels.app'],
              options: { delimiter: '-', index: 9 },
            },
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
          targets: [
            { select: { kind: 'Gate' }, fieldPaths: ['spec.selector', 'spec.copied'], options: { create: true } },
          ],
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
          targets: [
            { select: { kind: 'ConfigMap', name: 'settings' }, fieldPaths: ['data.json.a.b', 'data.json.list.1'] },
          ],
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
