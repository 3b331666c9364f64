import type { JsonObject } from '@fairlead/manifests';
import type { PolicyRule } from '@fairlead/render';

export interface StarterPolicy {
  readonly kinds: readonly string[];
  readonly params: JsonObject;
  readonly rules: readonly PolicyRule[];
}

const podKinds = [
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
  'Job',
  'CronJob',
  'Pod',
];
const isExposed = `has(object.spec.type) && object.spec.type in ["LoadBalancer", "NodePort"]`;

/** Policies that come with Fairlead, by the name that `use` gives. Every expression must be true of a good object. */
export const starterPack: Readonly<Record<string, StarterPolicy>> = {
  'no-latest-image': {
    kinds: podKinds,
    params: {},
    rules: [
      {
        expression: `containers.all(c, has(c.image) && c.image.matches("@sha256:[0-9a-f]{64}$|:[^/:@]+$") && !c.image.endsWith(":latest"))`,
        message: 'every image needs a tag other than "latest", or a digest',
      },
    ],
  },
  'limits-set': {
    kinds: podKinds,
    params: {},
    rules: [
      {
        expression: `containers.all(c, has(c.resources) && has(c.resources.limits) && has(c.resources.limits.memory) && has(c.resources.limits.cpu))`,
        message: 'every container needs limits for memory and CPU',
      },
    ],
  },
  'no-privileged': {
    kinds: podKinds,
    params: {},
    rules: [
      {
        expression: `containers.all(c, !has(c.securityContext) || !has(c.securityContext.privileged) || !c.securityContext.privileged)`,
        message: 'no container may be privileged',
      },
      {
        expression: `(!has(pod.hostNetwork) || !pod.hostNetwork) && (!has(pod.hostPID) || !pod.hostPID) && (!has(pod.hostIPC) || !pod.hostIPC)`,
        message: "no Pod may share its node's network, processes or memory",
      },
    ],
  },
  'no-host-paths': {
    kinds: podKinds,
    params: {},
    rules: [
      {
        expression: `!has(pod.volumes) || pod.volumes.all(v, !has(v.hostPath))`,
        message: 'no Pod may mount a path of its node',
      },
    ],
  },
  'network-policy': {
    kinds: ['Deployment', 'StatefulSet', 'DaemonSet'],
    params: {},
    rules: [
      {
        expression: `objects.exists(o, o.kind == "NetworkPolicy" && o.metadata.namespace == object.metadata.namespace)`,
        message: 'the namespace of a workload needs a NetworkPolicy',
      },
    ],
  },
  'no-exposed-admin': {
    kinds: ['Service'],
    params: { ports: [8001, 8444, 9901, 15000], names: '(?i)admin|control|debug' },
    rules: [
      {
        expression: `!(${isExposed}) || !has(object.spec.ports) || object.spec.ports.all(p, !(p.port in params.ports) && (!has(p.name) || !p.name.matches(params.names)))`,
        message: 'an administration port must not be reachable from outside the cluster',
      },
    ],
  },
};
