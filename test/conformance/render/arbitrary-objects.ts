import fc from 'fast-check';
import type { JsonObject } from '@fairlead/manifests';

// Random Kubernetes objects from small pools of names, so that references meet what they name.

const names = ['web', 'api', 'cfg', 'sec'] as const;
const nameOf = fc.constantFrom(...names);
const images = [
  'nginx:1.2',
  'nginx',
  'registry.example:5000/team/app:v1@sha256:abc',
  'example.org/app@sha256:abc',
  'busybox:1',
];
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });

/** Drops fields that were not chosen, as they cannot be written. */
function given(fields: Record<string, unknown>): JsonObject {
  return JSON.parse(JSON.stringify(fields)) as JsonObject;
}

const port = fc.record(
  {
    containerPort: fc.constantFrom(80, 81, 82),
    protocol: fc.constantFrom('TCP', 'UDP'),
    name: fc.constantFrom('a', 'b'),
  },
  { requiredKeys: ['containerPort'] },
);
const variable = fc.oneof(
  fc.record({ name: fc.constantFrom('A', 'B', 'C'), value: fc.constantFrom('1', 'yes', 'x y', '') }),
  fc.record({
    name: fc.constantFrom('A', 'B', 'C'),
    valueFrom: fc.oneof(
      nameOf.map((name) => ({ configMapKeyRef: { name, key: 'k' } })),
      nameOf.map((name) => ({ secretKeyRef: { name, key: 'k' } })),
    ),
  }),
);
const uniqueBy = <T>(arbitrary: fc.Arbitrary<T>, key: (item: T) => unknown): fc.Arbitrary<T[]> =>
  fc.uniqueArray(arbitrary, { maxLength: 3, selector: key });

export const container = fc
  .record({
    name: fc.constantFrom('app', 'side', 'third'),
    image: maybe(fc.constantFrom(...images)),
    ports: maybe(
      fc.uniqueArray(port, { maxLength: 3, selector: (item) => `${item.containerPort}/${item.protocol ?? 'TCP'}` }),
    ),
    env: maybe(uniqueBy(variable, (item) => item.name)),
    envFrom: maybe(
      fc.array(
        fc.oneof(
          nameOf.map((name) => ({ configMapRef: { name } })),
          nameOf.map((name) => ({ secretRef: { name } })),
        ),
        { maxLength: 2 },
      ),
    ),
    volumeMounts: maybe(
      uniqueBy(
        fc.record({ name: fc.constantFrom('v1', 'v2'), mountPath: fc.constantFrom('/a', '/b') }),
        (item) => item.mountPath,
      ),
    ),
    args: maybe(fc.constantFrom(['x'], ['x', 'y'])),
  })
  .map(given);

const volume = fc
  .record({
    name: fc.constantFrom('v1', 'v2', 'v3'),
    source: fc.oneof(
      nameOf.map((name) => ({ configMap: { name } })),
      nameOf.map((secretName) => ({ secret: { secretName } })),
      nameOf.map((claimName) => ({ persistentVolumeClaim: { claimName } })),
      fc.constant({ emptyDir: {} }),
      nameOf.map((name) => ({ projected: { sources: [{ configMap: { name } }, { secret: { name } }] } })),
    ),
  })
  .map(({ name, source }) => ({ name, ...source }));

export const podSpec = fc
  .record({
    containers: fc.uniqueArray(container, { minLength: 1, maxLength: 3, selector: (item) => item['name'] }),
    initContainers: maybe(fc.uniqueArray(container, { minLength: 1, maxLength: 2, selector: (item) => item['name'] })),
    volumes: maybe(uniqueBy(volume, (item) => item.name)),
    serviceAccountName: maybe(nameOf),
    priorityClassName: maybe(nameOf),
    imagePullSecrets: maybe(nameOf.map((name) => [{ name }])),
    tolerations: maybe(fc.constant([{ key: 'k', operator: 'Exists' }])),
    hostAliases: maybe(fc.constant([{ ip: '10.0.0.1', hostnames: ['h'] }])),
    topologySpreadConstraints: maybe(
      fc.constant([
        { topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: { app: 'x' } } },
      ]),
    ),
    affinity: maybe(
      fc.constant({
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { topologyKey: 'h', labelSelector: { matchLabels: { app: 'x' } } },
          ],
        },
      }),
    ),
  })
  .map(given);

const labels = fc.constantFrom<Record<string, string>>({ app: 'x' }, { app: 'y', tier: 'z' });
const template = fc
  .record({ metadata: maybe(fc.record({ labels, annotations: maybe(fc.constant({ note: 'n' })) })), spec: podSpec })
  .map(given);
const selector = labels.map((matchLabels) => ({ matchLabels }));

type Kind = readonly [apiVersion: string, kind: string, body: fc.Arbitrary<JsonObject>];

const body = (fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<JsonObject> => fc.record(fields).map(given);
const subject = fc
  .record({
    kind: fc.constant('ServiceAccount'),
    name: fc.constantFrom('default', ...names),
    namespace: maybe(fc.constantFrom('default', 'shop', 'other')),
  })
  .map(given);
const roleRef = (kinds: readonly string[]): fc.Arbitrary<JsonObject> =>
  body({ apiGroup: fc.constant('rbac.authorization.k8s.io'), kind: fc.constantFrom(...kinds), name: nameOf });
const service = nameOf.map((name) => ({ service: { name, port: { number: 80 } } }));

const kinds: readonly Kind[] = [
  ['apps/v1', 'Deployment', body({ spec: body({ replicas: maybe(fc.nat(3)), selector, template }) })],
  [
    'apps/v1',
    'StatefulSet',
    body({
      spec: body({
        selector,
        template,
        serviceName: nameOf,
        volumeClaimTemplates: maybe(fc.constant([{ metadata: { name: 'v1' }, spec: { storageClassName: 'web' } }])),
      }),
    }),
  ],
  ['apps/v1', 'DaemonSet', body({ spec: body({ selector, template }) })],
  ['batch/v1', 'Job', body({ spec: body({ template }) })],
  [
    'batch/v1',
    'CronJob',
    body({ spec: body({ schedule: fc.constant('* * * * *'), jobTemplate: body({ spec: body({ template }) }) }) }),
  ],
  ['v1', 'Pod', body({ spec: podSpec })],
  ['v1', 'ConfigMap', body({ data: maybe(fc.constantFrom({ k: 'v' }, { k: 'a\nb\n', z: '1' })) })],
  [
    'v1',
    'Secret',
    body({
      type: fc.constant('Opaque'),
      data: maybe(fc.constant({ k: 'dg==' })),
      stringData: maybe(fc.constant({ s: 'x' })),
    }),
  ],
  [
    'v1',
    'Service',
    body({
      spec: body({
        selector: maybe(labels),
        ports: fc.constantFrom(
          [{ port: 80 }],
          [
            { port: 80, protocol: 'TCP' },
            { port: 80, protocol: 'UDP' },
          ],
        ),
      }),
    }),
  ],
  ['v1', 'ServiceAccount', body({ imagePullSecrets: maybe(nameOf.map((name) => [{ name }])) })],
  ['v1', 'PersistentVolumeClaim', body({ spec: body({ volumeName: maybe(nameOf), storageClassName: maybe(nameOf) }) })],
  ['v1', 'PersistentVolume', body({ spec: body({ storageClassName: maybe(nameOf) }) })],
  ['v1', 'Namespace', body({})],
  [
    'networking.k8s.io/v1',
    'Ingress',
    body({
      spec: body({
        tls: maybe(nameOf.map((secretName) => [{ secretName, hosts: ['h'] }])),
        defaultBackend: maybe(service),
        rules: maybe(service.map((backend) => [{ http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }])),
      }),
    }),
  ],
  [
    'networking.k8s.io/v1',
    'NetworkPolicy',
    body({
      spec: body({
        podSelector: fc.constantFrom({}, { matchLabels: { app: 'x' } }),
        ingress: maybe(selector.map((podSelector) => [{ from: [{ podSelector }] }])),
      }),
    }),
  ],
  [
    'policy/v1',
    'PodDisruptionBudget',
    body({ spec: body({ minAvailable: fc.constant(1), selector: maybe(selector) }) }),
  ],
  [
    'autoscaling/v2',
    'HorizontalPodAutoscaler',
    body({
      spec: body({
        scaleTargetRef: body({
          apiVersion: fc.constant('apps/v1'),
          kind: fc.constantFrom('Deployment', 'StatefulSet'),
          name: nameOf,
        }),
        maxReplicas: fc.constant(3),
      }),
    }),
  ],
  [
    'rbac.authorization.k8s.io/v1',
    'Role',
    body({
      rules: fc.array(body({ verbs: fc.constant(['get']), resourceNames: maybe(fc.array(nameOf, { maxLength: 2 })) }), {
        maxLength: 2,
      }),
    }),
  ],
  [
    'rbac.authorization.k8s.io/v1',
    'ClusterRole',
    body({
      rules: fc.array(body({ verbs: fc.constant(['get']), resourceNames: maybe(fc.array(nameOf, { maxLength: 2 })) }), {
        maxLength: 2,
      }),
    }),
  ],
  [
    'rbac.authorization.k8s.io/v1',
    'RoleBinding',
    body({ roleRef: roleRef(['Role', 'ClusterRole']), subjects: maybe(fc.array(subject, { maxLength: 2 })) }),
  ],
  [
    'rbac.authorization.k8s.io/v1',
    'ClusterRoleBinding',
    body({ roleRef: roleRef(['ClusterRole']), subjects: maybe(fc.array(subject, { maxLength: 2 })) }),
  ],
  [
    'storage.k8s.io/v1',
    'StorageClass',
    body({ provisioner: fc.constant('p'), parameters: maybe(nameOf.map((secretName) => ({ secretName }))) }),
  ],
  ['scheduling.k8s.io/v1', 'PriorityClass', body({ value: fc.constant(1) })],
  [
    'apiextensions.k8s.io/v1',
    'CustomResourceDefinition',
    body({
      spec: fc.constant({ group: 'example.dev', scope: 'Namespaced', names: { kind: 'Gate', plural: 'gates' } }),
    }),
  ],
  [
    'example.dev/v1',
    'Gate',
    body({ spec: body({ template: maybe(template), list: maybe(fc.constantFrom([1, 2], [{ name: 'a', v: 1 }])) }) }),
  ],
  [
    'admissionregistration.k8s.io/v1',
    'ValidatingWebhookConfiguration',
    body({
      webhooks: nameOf.map((name) => [
        { name: 'a.example.dev', clientConfig: { service: { name, namespace: 'shop' } } },
      ]),
    }),
  ],
];

/** One object with a name, perhaps a namespace, labels and annotations. */
export const kubeObject: fc.Arbitrary<JsonObject> = fc.constantFrom(...kinds).chain(([apiVersion, kind, fields]) =>
  fc
    .record({
      fields,
      metadata: body({
        name: nameOf,
        namespace: maybe(fc.constantFrom('default', 'shop')),
        labels: maybe(labels),
        annotations: maybe(
          fc.constantFrom<Record<string, string>>({ a: 'b' }, {}, { 'config.kubernetes.io/local-config': 'true' }),
        ),
      }),
    })
    .map((parts) => ({ apiVersion, kind, metadata: parts.metadata, ...parts.fields })),
);

export const anyName = nameOf;
export const anyImage = fc.constantFrom(
  'nginx',
  'busybox',
  'example.org/app',
  'registry.example:5000/team/app',
  'ngin.',
  '(a',
);
