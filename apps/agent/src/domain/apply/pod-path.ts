import type { KubeObject } from '@fairlead/manifests';
import { groupOf } from '@fairlead/manifests';

const templatePaths: Readonly<Record<string, readonly string[]>> = {
  'apps/DaemonSet': ['spec', 'template'],
  'apps/Deployment': ['spec', 'template'],
  'apps/ReplicaSet': ['spec', 'template'],
  'apps/StatefulSet': ['spec', 'template'],
  'batch/CronJob': ['spec', 'jobTemplate', 'spec', 'template'],
  'batch/Job': ['spec', 'template'],
  '/PodTemplate': ['template'],
  '/ReplicationController': ['spec', 'template'],
};

/** Where a workload keeps the template of its Pods; null for kinds that have none. */
export function podTemplatePath(object: KubeObject): readonly string[] | null {
  return templatePaths[`${groupOf(object.apiVersion)}/${object.kind}`] ?? null;
}

/** Where an object keeps the specification of Pods; null for kinds that have none. */
export function podSpecPath(object: KubeObject): readonly string[] | null {
  if (object.kind === 'Pod' && object.apiVersion === 'v1') return ['spec'];
  const template = podTemplatePath(object);
  return template === null ? null : [...template, 'spec'];
}
