import type { JsonObject } from '@fairlead/manifests';

export const presetNames = ['cluster-admin', 'namespaced', 'restricted'] as const;
export type PresetName = (typeof presetNames)[number];

export interface Preset {
  readonly summary: readonly string[];
  readonly objects: readonly JsonObject[];
}

export interface PresetOptions {
  /** Where the agent lives. */
  readonly agentNamespace: string;
  /** Where its apps live; not asked by `cluster-admin`. */
  readonly namespaces: readonly string[];
}

const group = 'rbac.authorization.k8s.io';
const account = 'fairlead-agent';
const everything = { apiGroups: ['*'], resources: ['*'], verbs: ['*'] };

/** All that is granted to an agent, as Kubernetes objects. */
export function rbacPreset(preset: PresetName, options: PresetOptions): Preset {
  const { agentNamespace } = options;
  const home = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: agentNamespace } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: account, namespace: agentNamespace } },
  ];
  switch (preset) {
    case 'cluster-admin':
      return {
        summary: ['The agent may do everything in the cluster. Any app may then do so too, unless limits are set:'],
        objects: [...home, clusterBinding(account, 'cluster-admin', agentNamespace)],
      };
    case 'namespaced':
      return {
        summary: ['The agent may do everything in the namespaces of its apps, and nothing elsewhere. Start it with:'],
        objects: [...home, ...ownRights(agentNamespace), ...inEach(options, [everything])],
      };
    case 'restricted':
      return {
        summary: [
          'The agent itself changes nothing of an app: it acts as the service account that the app names, with the rights',
          'of that account. It sees changes of the kinds listed here at once and asks for others. Start it with:',
        ],
        objects: [...home, ...ownRights(agentNamespace), ...inEach(options, restrictedRules)],
      };
  }
}

/** What the agent should be started with, so that it says no before the API server does. */
export function presetLimits(preset: PresetName, { namespaces }: PresetOptions): Record<string, string> {
  if (preset === 'cluster-admin') return {};
  return {
    FAIRLEAD_ALLOWED_NAMESPACES: namespaces.join(','),
    FAIRLEAD_CLUSTER_SCOPED: 'deny',
    ...(preset === 'restricted' ? { FAIRLEAD_REQUIRE_SERVICE_ACCOUNT: 'true' } : {}),
  };
}

const watching = ['get', 'list', 'watch'];

const restrictedRules: readonly JsonObject[] = [
  { apiGroups: [''], resources: ['serviceaccounts'], verbs: ['impersonate'] },
  // Nothing that holds secrets: whoever may list them may read them.
  {
    apiGroups: [''],
    resources: ['configmaps', 'services', 'serviceaccounts', 'persistentvolumeclaims', 'pods', 'resourcequotas'],
    verbs: watching,
  },
  { apiGroups: ['apps', 'batch', 'autoscaling', 'policy', 'networking.k8s.io'], resources: ['*'], verbs: watching },
];

/** Its lease, identity and inventories, and the few facts about the cluster that it reports. */
function ownRights(agentNamespace: string): JsonObject[] {
  const all = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];
  return [
    role(account, agentNamespace, [
      { apiGroups: [''], resources: ['configmaps', 'secrets'], verbs: all },
      { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: all },
    ]),
    binding(account, agentNamespace, agentNamespace),
    {
      apiVersion: `${group}/v1`,
      kind: 'ClusterRole',
      metadata: { name: account },
      rules: [
        // The UID of this namespace is how clusters are told apart.
        { apiGroups: [''], resources: ['namespaces'], resourceNames: ['kube-system', agentNamespace], verbs: ['get'] },
        { apiGroups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'], verbs: ['get'] },
      ],
    },
    clusterBinding(account, account, agentNamespace),
  ];
}

function inEach({ namespaces, agentNamespace }: PresetOptions, rules: readonly JsonObject[]): JsonObject[] {
  return namespaces.flatMap((namespace) => [
    role('fairlead-apps', namespace, rules),
    binding('fairlead-apps', namespace, agentNamespace),
  ]);
}

function role(name: string, namespace: string, rules: readonly JsonObject[]): JsonObject {
  return { apiVersion: `${group}/v1`, kind: 'Role', metadata: { name, namespace }, rules: [...rules] };
}

function binding(name: string, namespace: string, agentNamespace: string): JsonObject {
  return {
    apiVersion: `${group}/v1`,
    kind: 'RoleBinding',
    metadata: { name, namespace },
    roleRef: { apiGroup: group, kind: 'Role', name },
    subjects: [{ kind: 'ServiceAccount', name: account, namespace: agentNamespace }],
  };
}

function clusterBinding(name: string, roleName: string, agentNamespace: string): JsonObject {
  return {
    apiVersion: `${group}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: group, kind: 'ClusterRole', name: roleName },
    subjects: [{ kind: 'ServiceAccount', name: account, namespace: agentNamespace }],
  };
}
