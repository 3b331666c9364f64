import type { JsonObject, ObjectId } from '@fairlead/manifests';
import { fieldAt } from '@fairlead/manifests';
import type { ObjectHealth } from './object-health.ts';
import { condition, current, failed, progressing, text } from './object-health.ts';
import {
  daemonSetHealth,
  deploymentHealth,
  jobHealth,
  podHealth,
  replicaSetHealth,
  statefulSetHealth,
} from './workloads.ts';

type Rule = (object: JsonObject) => ObjectHealth;

const rules: ReadonlyMap<string, Rule> = new Map([
  ['apps/Deployment', deploymentHealth],
  ['apps/StatefulSet', statefulSetHealth],
  ['apps/DaemonSet', daemonSetHealth],
  ['apps/ReplicaSet', replicaSetHealth],
  ['batch/Job', jobHealth],
  ['/Pod', podHealth],
  ['/PersistentVolumeClaim', claimHealth],
  ['/Service', serviceHealth],
  ['/Namespace', namespaceHealth],
  ['apiextensions.k8s.io/CustomResourceDefinition', crdHealth],
  ['apiregistration.k8s.io/APIService', apiServiceHealth],
]);

// Groups of the API server itself whose other kinds have nothing to wait for.
const plainGroups = /^$|^[a-z]+$|\.k8s\.io$/;
const conditionGroups = new Set(['gateway.networking.k8s.io', 'snapshot.storage.k8s.io']);

/** Whether the health of this kind can change by itself; other kinds are healthy once they are applied. */
export function hasHealthRule(id: Pick<ObjectId, 'group' | 'kind'>): boolean {
  return rules.has(`${id.group}/${id.kind}`) || !plainGroups.test(id.group) || conditionGroups.has(id.group);
}

/** Kinds whose Pods are looked at when they do not become ready. */
export function runsPods(id: Pick<ObjectId, 'group' | 'kind'>): boolean {
  return id.group === 'apps' || `${id.group}/${id.kind}` === 'batch/Job';
}

/** Health of a live object, by the first rule that has something to say. */
export function objectHealth(id: Pick<ObjectId, 'group' | 'kind'>, object: JsonObject): ObjectHealth {
  if (fieldAt(object, ['metadata', 'deletionTimestamp']) !== undefined)
    return progressing('Terminating', 'the object is being deleted');
  const observed = fieldAt(object, ['status', 'observedGeneration']);
  if (typeof observed === 'number' && observed !== fieldAt(object, ['metadata', 'generation'])) {
    return progressing('NotObserved', 'its controller has not seen the newest version');
  }
  const reconciling = condition(object, 'Reconciling');
  if (reconciling?.status === 'True') return progressing(reconciling.reason || 'Reconciling', reconciling.message);
  const stalled = condition(object, 'Stalled');
  if (stalled?.status === 'True') return failed(stalled.reason || 'Stalled', stalled.message);
  const rule = rules.get(`${id.group}/${id.kind}`);
  if (rule !== undefined) return rule(object);
  const ready = condition(object, 'Ready');
  if (ready !== null && ready.status !== 'True') return progressing(ready.reason || 'NotReady', ready.message);
  return current;
}

function claimHealth(object: JsonObject): ObjectHealth {
  const phase = text(fieldAt(object, ['status', 'phase']));
  if (phase === 'Lost') return failed('Lost', 'the volume of the claim is lost');
  return phase === 'Bound' ? current : progressing('NotBound', 'the claim is not bound');
}

function serviceHealth(object: JsonObject): ObjectHealth {
  if (fieldAt(object, ['spec', 'type']) !== 'LoadBalancer') return current;
  const ingress = fieldAt(object, ['status', 'loadBalancer', 'ingress']);
  return Array.isArray(ingress) && ingress.length > 0
    ? current
    : progressing('NoAddress', 'the load balancer has no address yet');
}

function namespaceHealth(object: JsonObject): ObjectHealth {
  return fieldAt(object, ['status', 'phase']) === 'Terminating'
    ? progressing('Terminating', 'the namespace is being deleted')
    : current;
}

function crdHealth(object: JsonObject): ObjectHealth {
  const names = condition(object, 'NamesAccepted');
  if (names?.status === 'False') return failed(names.reason || 'NamesNotAccepted', names.message);
  const established = condition(object, 'Established');
  if (established?.status === 'True') return current;
  if (established !== null && established.reason !== 'Installing')
    return failed(established.reason, established.message);
  return progressing('Installing', 'the definition is not established yet');
}

function apiServiceHealth(object: JsonObject): ObjectHealth {
  const available = condition(object, 'Available');
  return available?.status === 'True'
    ? current
    : progressing(available?.reason ?? 'NotAvailable', available?.message ?? 'not available yet');
}
