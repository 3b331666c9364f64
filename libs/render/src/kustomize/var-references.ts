import type { FieldSpec } from './field-path.ts';

// Where variables are replaced. The list says what kustomize knows, gaps and slips included.

const containerFields = ['args', 'command', 'env/value', 'volumeMounts/mountPath'];

function inPod(kind: string, podSpec: string): FieldSpec[] {
  const lists = ['containers', 'initContainers'];
  return lists.flatMap((list) => containerFields.map((field) => ({ kind, path: `${podSpec}/${list}/${field}` })));
}

const workloads = ['DaemonSet', 'Deployment', 'Job', 'ReplicaSet', 'StatefulSet'];
const withServers = ['DaemonSet', 'Deployment', 'Job', 'ReplicaSet'];

export const varReferences: readonly FieldSpec[] = [
  ...inPod('CronJob', 'spec/jobTemplate/spec/template/spec'),
  { kind: 'CronJob', path: 'spec/jobTemplate/spec/template/volumes/nfs/server' },
  ...workloads.flatMap((kind) => inPod(kind, 'spec/template/spec')),
  ...withServers.map((kind) => ({ kind, path: 'spec/template/spec/volumes/nfs/server' })),
  { kind: 'Deployment', path: 'spec/template/metadata/annotations' },
  { kind: 'Ingress', path: 'spec/rules/host' },
  { kind: 'Ingress', path: 'spec/tls/hosts' },
  { kind: 'Ingress', path: 'spec/tls/secretName' },
  ...inPod('Pod', 'spec'),
  { kind: 'Pod', path: 'spec/volumes/nfs/server' },
  { kind: 'Service', path: 'spec/ports/port' },
  { kind: 'Service', path: 'spec/ports/targetPort' },
  { kind: 'StatefulSet', path: 'spec/volumeClaimTemplates/spec/nfs/server' },
  { kind: 'PersistentVolume', path: 'spec/nfs/server' },
  { path: 'metadata/labels' },
  { path: 'metadata/annotations' },
];
