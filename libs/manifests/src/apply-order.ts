import type { ObjectId } from './kube-object.ts';

/** Objects of one stage may be applied together; the next stage waits for the gate of the one before. */
export type ApplyStage = 0 | 1 | 2 | 3 | 4 | 5;

// The position inside a stage is the position in its list.
const stages: readonly (readonly string[])[] = [
  ['/Namespace', 'apiextensions.k8s.io/CustomResourceDefinition'],
  [
    'rbac.authorization.k8s.io/ClusterRole',
    'rbac.authorization.k8s.io/Role',
    '*Class',
    'rbac.authorization.k8s.io/ClusterRoleBinding',
    'rbac.authorization.k8s.io/RoleBinding',
  ],
  [
    '/ResourceQuota',
    '/LimitRange',
    'networking.k8s.io/NetworkPolicy',
    '/ServiceAccount',
    '/ConfigMap',
    '/Secret',
    '/PersistentVolume',
    '/PersistentVolumeClaim',
  ],
  [
    '/Service',
    'apps/DaemonSet',
    'apps/Deployment',
    'apps/StatefulSet',
    'apps/ReplicaSet',
    '/ReplicationController',
    '/Pod',
    'batch/Job',
    'batch/CronJob',
    'autoscaling/HorizontalPodAutoscaler',
    'policy/PodDisruptionBudget',
    'networking.k8s.io/Ingress',
    '*Route',
  ],
  [],
  [
    'apiregistration.k8s.io/APIService',
    'admissionregistration.k8s.io/MutatingWebhookConfiguration',
    'admissionregistration.k8s.io/MutatingAdmissionPolicy',
    'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding',
    'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
    'admissionregistration.k8s.io/ValidatingAdmissionPolicy',
    'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding',
  ],
];

const stageWidth = 100;
const customResourceRank = 4 * stageWidth;
const classGroups = new Set([
  'gateway.networking.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'snapshot.storage.k8s.io',
  'storage.k8s.io',
]);
const ranks = new Map(
  stages.flatMap((kinds, stage) => kinds.map((kind, position) => [kind, stage * stageWidth + position] as const)),
);
const classRank = ranks.get('*Class') ?? customResourceRank;
const routeRank = ranks.get('*Route') ?? customResourceRank;
// By kind first: the order is asked for in every comparison of a sort.
const ranksByKind = new Map<string, Map<string, number>>();
for (const [key, rank] of ranks) {
  const [group = '', kind = ''] = key.split('/');
  const groups = ranksByKind.get(kind) ?? new Map<string, number>();
  ranksByKind.set(kind, groups.set(group, rank));
}

/** Where an object stands in the order of application; smaller goes first. */
export function applyRank(id: ObjectId): number {
  const known = ranksByKind.get(id.kind)?.get(id.group);
  if (known !== undefined) return known;
  if (id.kind.endsWith('Class') && classGroups.has(id.group)) return classRank;
  if (id.kind.endsWith('Route') && id.group === 'gateway.networking.k8s.io') return routeRank;
  return customResourceRank;
}

/** The stage of an object, 0 to 5. */
export function applyStage(id: ObjectId): ApplyStage {
  return Math.floor(applyRank(id) / stageWidth) as ApplyStage;
}

/** Sorts identities for application; ties are broken by group, kind, namespace, name. */
export function compareForApply(left: ObjectId, right: ObjectId): number {
  return (
    applyRank(left) - applyRank(right) ||
    compareText(left.group, right.group) ||
    compareText(left.kind, right.kind) ||
    compareText(left.namespace, right.namespace) ||
    compareText(left.name, right.name)
  );
}

// Not localeCompare: the order must be the same on every machine.
function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
