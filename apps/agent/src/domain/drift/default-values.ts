import type { Json } from '@fairlead/manifests';
import { isJsonObject } from '@fairlead/manifests';

// What the API server fills in by itself. Whoever creates an object without Fairlead is on record as having set it.
const defaults: Readonly<Record<string, readonly Json[]>> = {
  allocateLoadBalancerNodePorts: [true],
  completionMode: ['NonIndexed'],
  concurrencyPolicy: ['Allow'],
  defaultMode: [420],
  dnsPolicy: ['ClusterFirst'],
  externalTrafficPolicy: ['Cluster'],
  failureThreshold: [3],
  imagePullPolicy: ['IfNotPresent', 'Always'],
  internalTrafficPolicy: ['Cluster'],
  ipFamilyPolicy: ['SingleStack'],
  minReadySeconds: [0],
  periodSeconds: [10],
  podManagementPolicy: ['OrderedReady'],
  progressDeadlineSeconds: [600],
  protocol: ['TCP'],
  restartPolicy: ['Always'],
  revisionHistoryLimit: [10],
  schedulerName: ['default-scheduler'],
  sessionAffinity: ['None'],
  successThreshold: [1],
  suspend: [false],
  terminationGracePeriodSeconds: [30],
  terminationMessagePath: ['/dev/termination-log'],
  terminationMessagePolicy: ['File'],
  timeoutSeconds: [1],
  maxSurge: ['25%'],
  maxUnavailable: ['25%'],
};

const types: readonly Json[] = ['RollingUpdate', 'ClusterIP', 'Opaque'];

/** Whether a field says only what would be there without it: nothing, or a default of the built-in kinds. */
export function saysNothing(field: string, value: Json): boolean {
  if (value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  if (isJsonObject(value)) return Object.keys(value).length === 0;
  return (
    (field === 'type' ? types : Object.hasOwn(defaults, field) ? defaults[field] : undefined)?.includes(value) === true
  );
}
