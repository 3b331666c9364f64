import type { JsonObject, KubeObject } from '@fairlead/manifests';
import type { IgnoreRule } from '@fairlead/shared/contracts';
import { deployment } from '../fixtures/kube-objects.ts';
import type { Mutation } from './admission-webhook.ts';
import type { RawKube } from './raw-kube.ts';

const perKind = 8;

export interface NoiseStage {
  readonly kube: RawKube;
  readonly namespace: string;
  readonly group: string;
}

/** A definition of resources whose operator is careless. */
export function wheelDefinition(group: string): KubeObject {
  const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `wheels.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind: 'Wheel', plural: 'wheels', singular: 'wheel' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: { type: 'object', properties: { spec: open, status: open } } },
        },
      ],
    },
  };
}

/** What the app of the noise has. */
export function noisyObjects(group: string): KubeObject[] {
  return range(perKind).flatMap((index): KubeObject[] => [
    scalable(`noise-${index}`),
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `noise-${index}` }, data: { rate: '1', size: 'big' } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: `noise-${index}` },
      spec: { selector: { app: 'noise' }, ports: [{ port: 80 }] },
    },
    { apiVersion: `${group}/v1`, kind: 'Wheel', metadata: { name: `noise-${index}` }, spec: { size: 3, tags: [] } },
  ]);
}

/** Whoever scales, scales. */
export const noiseRule: IgnoreRule = {
  target: {
    ...{ group: 'apps', kind: 'Deployment', version: null, namespace: null, name: null },
    ...{ labelSelector: null, annotationSelector: null },
  },
  paths: ['/spec/replicas'],
  managers: [],
};

/** A webhook that adds a label to everything it sees. */
export const injectLabel: Mutation = ({ metadata }) => {
  const labels = metadata['labels'] as JsonObject | undefined;
  if (labels?.['injected'] === 'yes') return null;
  return labels === undefined
    ? [{ op: 'add', path: '/metadata/labels', value: { injected: 'yes' } }]
    : [{ op: 'add', path: '/metadata/labels/injected', value: 'yes' }];
};

/** Writes `count` times what is no drift, in an order that the seed decides. */
export async function makeNoise(stage: NoiseStage, count: number, seed: number): Promise<void> {
  const random = numbers(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  for (let write = 0; write < count; write += 1) {
    const name = `noise-${Math.floor(random() * perKind)}`;
    await pick(noises)(stage, name, Math.floor(random() * 1000));
  }
}

type Noise = (stage: NoiseStage, name: string, turn: number) => Promise<unknown>;

const noises: readonly Noise[] = [
  // An autoscaler, by the subresource that is meant for it.
  ({ kube, namespace }, name, turn) =>
    kube.patch(
      `${deployments(namespace)}/${name}/scale`,
      { spec: { replicas: turn % 3 } },
      { manager: 'horizontal-pod-autoscaler' },
    ),
  // A controller that reports.
  ({ kube, namespace }, name, turn) =>
    kube.patch(
      `${deployments(namespace)}/${name}/status`,
      { status: { conditions: [{ type: 'Seen', status: 'True', reason: `Turn${turn}` }] } },
      { manager: 'kube-controller-manager', type: 'strategic-merge' },
    ),
  ({ kube, namespace, group }, name, turn) =>
    kube.patch(`${wheels(namespace, group)}/${name}/status`, { status: { turn } }, { manager: 'wheel-operator' }),
  // An old client that reads and writes whole objects, and leaves out what is empty.
  ({ kube, namespace, group }, name, turn) =>
    kube.replace(`${wheels(namespace, group)}/${name}`, 'old-operator', (live) => {
      const { tags: _tags, ...spec } = live['spec'] as JsonObject;
      return { ...live, spec: { ...spec, seen: turn } };
    }),
  // People and tools that add labels and annotations.
  ({ kube, namespace }, name, turn) =>
    kube.patch(
      `/api/v1/namespaces/${namespace}/configmaps/${name}`,
      { metadata: { annotations: { [`example.dev/note-${turn % 5}`]: String(turn) } } },
      { manager: 'kubectl-annotate' },
    ),
  ({ kube, namespace }, name, turn) =>
    kube.patch(
      `/api/v1/namespaces/${namespace}/services/${name}`,
      { metadata: { labels: { 'example.dev/mine': String(turn) } } },
      { manager: 'external-dns' },
    ),
  ({ kube, namespace }, name, turn) =>
    kube.patch(
      `${deployments(namespace)}/${name}`,
      { spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': String(turn) } } } } },
      { manager: 'kubectl-rollout' },
    ),
  // Somebody who also wants what we want.
  ({ kube, namespace }, name) =>
    kube.patch(
      `/api/v1/namespaces/${namespace}/configmaps/${name}`,
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { rate: '1' } },
      { manager: 'other-tool', type: 'apply' },
    ),
  // The same value once more, and another spelling of the same amount.
  ({ kube, namespace }, name, turn) =>
    kube.patch(
      `${deployments(namespace)}/${name}`,
      {
        spec: {
          template: {
            spec: { containers: [{ name: 'main', resources: { limits: { cpu: turn % 2 ? '1' : '1000m' } } }] },
          },
        },
      },
      { manager: 'kubectl-edit', type: 'strategic-merge' },
    ),
  // A key of its own.
  ({ kube, namespace }, name, turn) =>
    kube.patch(
      `/api/v1/namespaces/${namespace}/configmaps/${name}`,
      { data: { [`extra-${turn % 3}`]: String(turn) } },
      { manager: 'some-operator' },
    ),
];

function scalable(name: string): KubeObject {
  const workload = deployment(name, { labels: { app: name } });
  const [container] = workload.spec.template.spec.containers;
  const containers = [{ ...container, resources: { limits: { cpu: '1000m' } } }];
  // No Pods: the noise is about the object.
  const template = { ...workload.spec.template, spec: { containers } };
  return { ...workload, spec: { ...workload.spec, replicas: 0, template } } as KubeObject;
}

function deployments(namespace: string): string {
  return `/apis/apps/v1/namespaces/${namespace}/deployments`;
}

function wheels(namespace: string, group: string): string {
  return `/apis/${group}/v1/namespaces/${namespace}/wheels`;
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}

/** The same numbers for the same seed, between 0 and 1 (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
