import type { Feature } from './feature.ts';

/** Fields that hold plain values. */
export const simpleFeatures: readonly Feature[] = [
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
