import type { Json, KubeObject } from '@fairlead/manifests';
import { fieldAt, fieldOf, groupOf, isJsonObject, jsonEquals } from '@fairlead/manifests';
import { podTemplatePath } from './pod-path.ts';

export interface ServiceRef {
  readonly namespace: string;
  readonly name: string;
}

/** Kinds that make the API server call a Service: when that does not answer, whole kinds cannot be written any more. */
export function callsServices(group: string, kind: string): boolean {
  if (group === 'apiregistration.k8s.io') return kind === 'APIService';
  return group === 'admissionregistration.k8s.io' && /^(Mutating|Validating)WebhookConfiguration$/.test(kind);
}

/** The Services that the API server calls for an object. */
export function calledServices(object: KubeObject): ServiceRef[] {
  if (groupOf(object.apiVersion) === 'apiregistration.k8s.io') return serviceRef(fieldAt(object, ['spec', 'service']));
  const webhooks = fieldOf(object, 'webhooks');
  return (Array.isArray(webhooks) ? webhooks : []).flatMap((webhook) =>
    serviceRef(fieldAt(webhook, ['clientConfig', 'service'])),
  );
}

/** Whether a Service sends its calls to Pods of this workload. */
export function isServedBy(service: KubeObject, workload: KubeObject): boolean {
  const selector = fieldAt(service, ['spec', 'selector']);
  const path = podTemplatePath(workload);
  const labels = fieldAt(workload, path === null ? ['metadata', 'labels'] : [...path, 'metadata', 'labels']);
  if (!isJsonObject(selector) || !isJsonObject(labels) || Object.keys(selector).length === 0) return false;
  return Object.entries(selector).every(([name, value]) => jsonEquals(fieldOf(labels, name), value));
}

/** Kinds whose Pods answer for a Service. */
export function answersForServices(group: string, kind: string): boolean {
  return /^(Deployment|StatefulSet|DaemonSet|ReplicaSet)$/.test(kind)
    ? group === 'apps'
    : group === '' && kind === 'Pod';
}

function serviceRef(value: Json | undefined): ServiceRef[] {
  const [namespace, name] = [fieldOf(value, 'namespace'), fieldOf(value, 'name')];
  return typeof namespace === 'string' && typeof name === 'string' ? [{ namespace, name }] : [];
}
