import type { ObjectId } from '@fairlead/manifests';
import type { Marks } from '../marks.ts';
import { isMarkedFor } from '../marks.ts';

interface Kind {
  readonly group: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

const coreKinds = new Set(['PersistentVolumeClaim', 'Secret', 'ConfigMap', 'Service', 'Pod', 'ReplicationController']);
const workloadGroups = new Set(['apps', 'batch', 'networking.k8s.io']);
/** Groups of the server itself whose objects nobody would miss, or that exist for every object anyway. */
const serverGroups = /^(authentication|authorization|autoscaling|policy|.*\.k8s\.io)$/;
const definedGroups = /^(gateway\.networking|snapshot\.storage)\.k8s\.io$/;

/** Whether objects of a kind may hold what somebody would miss if their namespace went. */
export function mayHoldContent({ group, kind, namespaced }: Kind): boolean {
  if (!namespaced) return false;
  if (group === '') return coreKinds.has(kind);
  if (workloadGroups.has(group)) return true;
  return definedGroups.test(group) || !serverGroups.test(group);
}

/** Whether an object in a namespace is somebody's: not the app's own, not made by a controller for another object. */
export function isForeignContent(
  id: ObjectId,
  meta: Marks & { readonly owned: boolean; readonly deleting: boolean },
  { app, agentNamespace }: { app: string; agentNamespace: string },
): boolean {
  if (meta.owned || meta.deleting) return false;
  if (id.kind === 'ConfigMap' && id.name === 'kube-root-ca.crt') return false;
  if (id.kind === 'Secret' && meta.annotations['kubernetes.io/service-account.name'] !== undefined) return false;
  return !isMarkedFor(app, id, meta, agentNamespace);
}
