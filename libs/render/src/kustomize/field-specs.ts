import type { FieldSpec } from './field-path.ts';

// Where the fields are that transformers change. The lists say what kustomize knows, gaps included.

const podAffinities = ['podAffinity', 'podAntiAffinity'].flatMap((affinity) => [
  `spec/template/spec/affinity/${affinity}/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels`,
  `spec/template/spec/affinity/${affinity}/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels`,
]);
const spreadSelectors = [...podAffinities, 'spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels'];

const selectorLabels: readonly FieldSpec[] = [
  { path: 'spec/selector', create: true, version: 'v1', kind: 'Service' },
  { path: 'spec/selector', create: true, version: 'v1', kind: 'ReplicationController' },
  { path: 'spec/selector/matchLabels', create: true, kind: 'Deployment' },
  { path: 'spec/selector/matchLabels', create: true, kind: 'ReplicaSet' },
  { path: 'spec/selector/matchLabels', create: true, kind: 'DaemonSet' },
  { path: 'spec/selector/matchLabels', create: true, group: 'apps', kind: 'StatefulSet' },
  ...['Deployment', 'StatefulSet'].flatMap((kind) => spreadSelectors.map((path) => ({ path, group: 'apps', kind }))),
  { path: 'spec/selector/matchLabels', group: 'batch', kind: 'Job' },
  { path: 'spec/jobTemplate/spec/selector/matchLabels', group: 'batch', kind: 'CronJob' },
  { path: 'spec/selector/matchLabels', group: 'policy', kind: 'PodDisruptionBudget' },
  { path: 'spec/podSelector/matchLabels', group: 'networking.k8s.io', kind: 'NetworkPolicy' },
  { path: 'spec/ingress/from/podSelector/matchLabels', group: 'networking.k8s.io', kind: 'NetworkPolicy' },
  { path: 'spec/egress/to/podSelector/matchLabels', group: 'networking.k8s.io', kind: 'NetworkPolicy' },
];

const templateKinds: readonly FieldSpec[] = [
  { path: 'spec/template', version: 'v1', kind: 'ReplicationController' },
  { path: 'spec/template', kind: 'Deployment' },
  { path: 'spec/template', kind: 'ReplicaSet' },
  { path: 'spec/template', kind: 'DaemonSet' },
  { path: 'spec/template', group: 'apps', kind: 'StatefulSet' },
  { path: 'spec/template', group: 'batch', kind: 'Job' },
  { path: 'spec/jobTemplate', group: 'batch', kind: 'CronJob' },
  { path: 'spec/jobTemplate/spec/template', group: 'batch', kind: 'CronJob' },
];

function inMetadata(field: 'labels' | 'annotations'): readonly FieldSpec[] {
  const own: FieldSpec = { path: `metadata/${field}`, create: true };
  return [own, ...templateKinds.map((spec) => ({ ...spec, path: `${spec.path}/metadata/${field}`, create: true }))];
}

export const templateLabels: readonly FieldSpec[] = inMetadata('labels');
export const volumeClaimLabels: readonly FieldSpec[] = [
  { path: 'spec/volumeClaimTemplates[]/metadata/labels', create: true, group: 'apps', kind: 'StatefulSet' },
];
export const labelsWithSelectors: readonly FieldSpec[] = [...selectorLabels, ...templateLabels, ...volumeClaimLabels];

export const commonAnnotations: readonly FieldSpec[] = inMetadata('annotations').map((spec) => {
  // Unlike for labels, the group of a StatefulSet is not looked at.
  if (spec.kind !== 'StatefulSet') return spec;
  return { path: spec.path, create: true, kind: spec.kind };
});

export const namespaceFields: readonly FieldSpec[] = [
  { path: 'metadata/name', kind: 'Namespace', create: true },
  { path: 'spec/service/namespace', create: true, group: 'apiregistration.k8s.io', kind: 'APIService' },
  {
    path: 'spec/conversion/webhook/clientConfig/service/namespace',
    group: 'apiextensions.k8s.io',
    kind: 'CustomResourceDefinition',
  },
];

export const replicaFields: readonly FieldSpec[] = [
  'Deployment',
  'ReplicationController',
  'ReplicaSet',
  'StatefulSet',
].map((kind) => ({ path: 'spec/replicas', create: true, kind }));

export const imageFields: readonly FieldSpec[] = [
  'spec/containers[]/image',
  'spec/initContainers[]/image',
  'spec/volumes[]/image/reference',
  'spec/template/spec/containers[]/image',
  'spec/template/spec/initContainers[]/image',
  'spec/template/spec/volumes[]/image/reference',
  'spec/jobTemplate/spec/template/spec/volumes[]/image/reference',
].map((path) => ({ path, create: true }));
