/** How the lists below a field are merged. */
export interface MergeShape {
  readonly fields?: Readonly<Record<string, MergeShape>>;
  /** Computes the shape of a field, for shapes that are read from a schema. */
  readonly fieldShape?: (name: string) => MergeShape | undefined;
  /** For a list: the fields that identify an item; none for a list of plain values. Absent: replaced whole. */
  readonly mergeKeys?: readonly string[] | undefined;
  readonly items?: MergeShape | undefined;
}

/** How objects of a kind are merged; undefined for kinds that are not known. */
export type MergeShapes = (apiVersion: string, kind: string) => MergeShape | undefined;

/** How a field is merged; undefined when nothing is known about it. */
export function shapeOfField(shape: MergeShape | undefined, field: string): MergeShape | undefined {
  if (shape?.fieldShape !== undefined) return shape.fieldShape(field);
  const fields = shape?.fields;
  return fields !== undefined && Object.hasOwn(fields, field) ? fields[field] : undefined;
}

const keyed = (keys: readonly string[], items: MergeShape = {}): MergeShape => ({ mergeKeys: keys, items });
const of = (fields: Readonly<Record<string, MergeShape>>): MergeShape => ({ fields });

// Kustomize carries the API of Kubernetes 1.21 and merges by it, whatever the version of the cluster.
const metadata = of({ finalizers: { mergeKeys: [] }, ownerReferences: keyed(['uid']) });

const containerLists = {
  env: keyed(['name']),
  volumeDevices: keyed(['devicePath']),
  volumeMounts: keyed(['mountPath']),
};
const container = of({ ...containerLists, ports: keyed(['containerPort', 'protocol']) });
const podSpec = of({
  containers: keyed(['name'], container),
  initContainers: keyed(['name'], container),
  ephemeralContainers: keyed(['name'], of(containerLists)),
  hostAliases: keyed(['ip']),
  imagePullSecrets: keyed(['name']),
  topologySpreadConstraints: keyed(['topologyKey', 'whenUnsatisfiable']),
  volumes: keyed(['name']),
});
const podTemplate = of({ metadata, spec: podSpec });
const workload = of({ metadata, spec: of({ template: podTemplate }) });
const cronJob = of({ metadata, spec: of({ jobTemplate: of({ metadata, spec: of({ template: podTemplate }) }) }) });
const webhooks = of({ metadata, webhooks: keyed(['name']) });
const plain = of({ metadata });

const special: Readonly<Record<string, MergeShape>> = {
  'v1/Pod': of({ metadata, spec: podSpec }),
  'v1/PodTemplate': of({ metadata, template: podTemplate }),
  'v1/ReplicationController': workload,
  'v1/Service': of({ metadata, spec: of({ ports: keyed(['port', 'protocol']) }) }),
  'v1/ServiceAccount': of({ metadata, secrets: keyed(['name']) }),
  'apps/v1/DaemonSet': workload,
  'apps/v1/Deployment': workload,
  'apps/v1/ReplicaSet': workload,
  'apps/v1/StatefulSet': workload,
  'batch/v1/Job': workload,
  'batch/v1/CronJob': cronJob,
  'batch/v1beta1/CronJob': cronJob,
  'admissionregistration.k8s.io/v1/MutatingWebhookConfiguration': webhooks,
  'admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration': webhooks,
  'admissionregistration.k8s.io/v1beta1/MutatingWebhookConfiguration': webhooks,
  'admissionregistration.k8s.io/v1beta1/ValidatingWebhookConfiguration': webhooks,
};

const withMetadataOnly = new Set(
  Object.entries({
    v1: 'Binding ComponentStatus ConfigMap Endpoints Event LimitRange Namespace Node PersistentVolume PersistentVolumeClaim ResourceQuota Secret',
    'apiextensions.k8s.io/v1': 'CustomResourceDefinition',
    'apiextensions.k8s.io/v1beta1': 'CustomResourceDefinition',
    'apiregistration.k8s.io/v1': 'APIService',
    'apiregistration.k8s.io/v1beta1': 'APIService',
    'apps/v1': 'ControllerRevision',
    'autoscaling/v1': 'HorizontalPodAutoscaler Scale',
    'autoscaling/v2beta1': 'HorizontalPodAutoscaler',
    'autoscaling/v2beta2': 'HorizontalPodAutoscaler',
    'certificates.k8s.io/v1': 'CertificateSigningRequest',
    'certificates.k8s.io/v1beta1': 'CertificateSigningRequest',
    'coordination.k8s.io/v1': 'Lease',
    'coordination.k8s.io/v1beta1': 'Lease',
    'discovery.k8s.io/v1': 'EndpointSlice',
    'discovery.k8s.io/v1beta1': 'EndpointSlice',
    'events.k8s.io/v1': 'Event',
    'events.k8s.io/v1beta1': 'Event',
    'extensions/v1beta1': 'Ingress',
    'flowcontrol.apiserver.k8s.io/v1beta1': 'FlowSchema PriorityLevelConfiguration',
    'networking.k8s.io/v1': 'Ingress IngressClass NetworkPolicy',
    'networking.k8s.io/v1beta1': 'Ingress IngressClass',
    'node.k8s.io/v1': 'RuntimeClass',
    'node.k8s.io/v1beta1': 'RuntimeClass',
    'policy/v1': 'PodDisruptionBudget',
    'policy/v1beta1': 'PodDisruptionBudget PodSecurityPolicy',
    'rbac.authorization.k8s.io/v1': 'ClusterRole ClusterRoleBinding Role RoleBinding',
    'rbac.authorization.k8s.io/v1beta1': 'ClusterRole ClusterRoleBinding Role RoleBinding',
    'scheduling.k8s.io/v1': 'PriorityClass',
    'scheduling.k8s.io/v1beta1': 'PriorityClass',
    'storage.k8s.io/v1': 'CSIDriver CSINode StorageClass VolumeAttachment',
    'storage.k8s.io/v1beta1': 'CSIDriver CSINode CSIStorageCapacity StorageClass VolumeAttachment',
  }).flatMap(([apiVersion, kinds]) => kinds.split(' ').map((kind) => `${apiVersion}/${kind}`)),
);

/** The shapes that kustomize knows by itself. */
export function builtinShapes(apiVersion: string, kind: string): MergeShape | undefined {
  const key = `${apiVersion}/${kind}`;
  if (Object.hasOwn(special, key)) return special[key];
  return withMetadataOnly.has(key) ? plain : undefined;
}
