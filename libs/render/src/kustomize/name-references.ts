import type { FieldSpec } from './field-path.ts';
import type { GvkPattern } from './gvk.ts';

// Which fields hold the name of another object, by the kind of that object. The lists say what
// kustomize knows, gaps included.

export interface NameReference {
  /** What the field names. */
  readonly target: GvkPattern;
  /** Where it stands. */
  readonly field: FieldSpec;
}

interface PodOwner extends GvkPattern {
  readonly podSpec: string;
}

const inTemplate = (kind: string): PodOwner => ({ kind, podSpec: 'spec/template/spec' });
const pod: PodOwner = { kind: 'Pod', podSpec: 'spec' };
const cronJob: PodOwner = { kind: 'CronJob', podSpec: 'spec/jobTemplate/spec/template/spec' };

const withConfiguration: readonly PodOwner[] = [
  { ...pod, version: 'v1' },
  { kind: 'PodTemplate', podSpec: 'template/spec' },
  ...['Deployment', 'ReplicaSet', 'DaemonSet', 'StatefulSet', 'Job'].map(inTemplate),
  cronJob,
];
const withIdentity: readonly PodOwner[] = [
  pod,
  ...['StatefulSet', 'Deployment', 'ReplicationController', 'Job', 'DaemonSet'].map(inTemplate),
  cronJob,
];

function inPods(owners: readonly PodOwner[], paths: readonly string[]): FieldSpec[] {
  return owners.flatMap(({ podSpec, ...pattern }) => paths.map((path) => ({ ...pattern, path: `${podSpec}/${path}` })));
}

const bothContainers = (path: string): string[] => [`containers/${path}`, `initContainers/${path}`];
const rbac = 'rbac.authorization.k8s.io';
const admission = 'admissionregistration.k8s.io';

const configMap: readonly FieldSpec[] = [
  ...inPods(withConfiguration, [
    'volumes/configMap/name',
    ...bothContainers('env/valueFrom/configMapKeyRef/name'),
    ...bothContainers('envFrom/configMapRef/name'),
    'volumes/projected/sources/configMap/name',
  ]),
  { kind: 'Node', path: 'spec/configSource/configMap' },
  { kind: 'Role', path: 'rules/resourceNames' },
  { kind: 'ClusterRole', path: 'rules/resourceNames' },
  { kind: 'Ingress', path: 'metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap' },
];

const secret: readonly FieldSpec[] = [
  ...inPods(withConfiguration, [
    'volumes/secret/secretName',
    ...bothContainers('env/valueFrom/secretKeyRef/name'),
    ...bothContainers('envFrom/secretRef/name'),
    'imagePullSecrets/name',
    'volumes/projected/sources/secret/name',
  ]),
  { kind: 'Ingress', path: 'spec/tls/secretName' },
  { kind: 'Ingress', path: 'metadata/annotations/ingress.kubernetes.io\\/auth-secret' },
  { kind: 'Ingress', path: 'metadata/annotations/nginx.ingress.kubernetes.io\\/auth-secret' },
  { kind: 'Ingress', path: 'metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret' },
  { kind: 'ServiceAccount', path: 'imagePullSecrets/name' },
  ...['secretName', 'adminSecretName', 'userSecretName', 'secretRef'].map((name) => ({
    kind: 'StorageClass',
    path: `parameters/${name}`,
  })),
  { kind: 'Role', path: 'rules/resourceNames' },
  { kind: 'ClusterRole', path: 'rules/resourceNames' },
  {
    group: 'serving.knative.dev',
    version: 'v1',
    kind: 'Service',
    path: 'spec/template/spec/containers/env/valueFrom/secretKeyRef/name',
  },
  { kind: 'PersistentVolume', path: 'spec/azureFile/secretName' },
];

const service: readonly FieldSpec[] = [
  { group: 'apps', kind: 'StatefulSet', path: 'spec/serviceName' },
  { kind: 'Ingress', path: 'spec/rules/http/paths/backend/serviceName' },
  { kind: 'Ingress', path: 'spec/backend/serviceName' },
  { kind: 'Ingress', path: 'spec/rules/http/paths/backend/service/name' },
  { kind: 'Ingress', path: 'spec/defaultBackend/service/name' },
  { group: 'apiregistration.k8s.io', kind: 'APIService', path: 'spec/service/name' },
  { group: admission, kind: 'ValidatingWebhookConfiguration', path: 'webhooks/clientConfig/service' },
  { group: admission, kind: 'MutatingWebhookConfiguration', path: 'webhooks/clientConfig/service' },
];

const roleReference = (kind: string): FieldSpec => ({ group: rbac, kind, path: 'roleRef/name' });
const subjects = (kind: string): FieldSpec => ({ group: rbac, kind, path: 'subjects' });
const scaled: readonly FieldSpec[] = [{ kind: 'HorizontalPodAutoscaler', path: 'spec/scaleTargetRef/name' }];

const table: readonly (readonly [GvkPattern, readonly FieldSpec[]])[] = [
  ...['Deployment', 'ReplicationController', 'ReplicaSet', 'StatefulSet'].map((kind) => [{ kind }, scaled] as const),
  [{ version: 'v1', kind: 'ConfigMap' }, configMap],
  [{ version: 'v1', kind: 'Secret' }, secret],
  [{ version: 'v1', kind: 'Service' }, service],
  [{ group: rbac, kind: 'Role' }, [roleReference('RoleBinding')]],
  [{ group: rbac, kind: 'ClusterRole' }, [roleReference('RoleBinding'), roleReference('ClusterRoleBinding')]],
  [
    { version: 'v1', kind: 'ServiceAccount' },
    [subjects('RoleBinding'), subjects('ClusterRoleBinding'), ...inPods(withIdentity, ['serviceAccountName'])],
  ],
  [{ version: 'v1', kind: 'PersistentVolumeClaim' }, inPods(withIdentity, ['volumes/persistentVolumeClaim/claimName'])],
  [
    { version: 'v1', kind: 'PersistentVolume' },
    [
      { kind: 'PersistentVolumeClaim', path: 'spec/volumeName' },
      { kind: 'ClusterRole', path: 'rules/resourceNames' },
    ],
  ],
  [
    { group: 'storage.k8s.io', version: 'v1', kind: 'StorageClass' },
    [
      { kind: 'PersistentVolume', path: 'spec/storageClassName' },
      { kind: 'PersistentVolumeClaim', path: 'spec/storageClassName' },
      { kind: 'StatefulSet', path: 'spec/volumeClaimTemplates/spec/storageClassName' },
    ],
  ],
  [{ group: 'scheduling.k8s.io', version: 'v1', kind: 'PriorityClass' }, inPods(withIdentity, ['priorityClassName'])],
  [
    { group: admission, kind: 'ValidatingAdmissionPolicy' },
    [{ group: admission, kind: 'ValidatingAdmissionPolicyBinding', path: 'spec/policyName' }],
  ],
];

/** The fields that hold names, by the kind that they name. */
export const nameReferenceFields = table.map(([target, fields]) => ({ target, fields }));
