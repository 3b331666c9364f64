import type { ObjectId } from '@fairlead/manifests';
import { formatObjectId } from '@fairlead/manifests';

export type Scope = 'namespaced' | 'cluster';

export interface PlacementContext {
  /** Scope of the kind as the cluster or a definition of the release says it; null when neither knows the kind. */
  readonly scope: Scope | null;
  /** Namespace of objects that name none. */
  readonly defaultNamespace: string | null;
  /** Whether the app has an object with this key already. */
  readonly isOwned: (key: string) => boolean;
}

/** The identity an object has in the cluster, and why it cannot have one. */
export function placeObject(id: ObjectId, context: PlacementContext): { id: ObjectId; causes: string[] } {
  const { defaultNamespace } = context;
  const scope = context.scope ?? knownScope(id, context);
  if (scope === null) return { id, causes: [] };
  if (scope === 'namespaced') {
    const namespace = id.namespace || (defaultNamespace ?? '');
    const causes =
      namespace === '' ? [`${id.kind} is namespaced, and neither the object nor the app names a namespace`] : [];
    return { id: { ...id, namespace }, causes };
  }
  // Renderers give the namespace of the app to every kind they do not know: that one says nothing.
  const isSaid = id.namespace !== '' && id.namespace !== defaultNamespace;
  const causes = isSaid ? [`${id.kind} has no namespace, but the object names "${id.namespace}"`] : [];
  return { id: { ...id, namespace: '' }, causes };
}

// Kinds whose scope is known although nobody serves them right now.
const clusterScoped = new Set([
  '/Namespace',
  '/Node',
  '/PersistentVolume',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
  'apiextensions.k8s.io/CustomResourceDefinition',
  'apiregistration.k8s.io/APIService',
  'gateway.networking.k8s.io/GatewayClass',
  'networking.k8s.io/IngressClass',
  'node.k8s.io/RuntimeClass',
  'rbac.authorization.k8s.io/ClusterRole',
  'rbac.authorization.k8s.io/ClusterRoleBinding',
  'scheduling.k8s.io/PriorityClass',
  'snapshot.storage.k8s.io/VolumeSnapshotClass',
  'snapshot.storage.k8s.io/VolumeSnapshotContent',
  'storage.k8s.io/CSIDriver',
  'storage.k8s.io/StorageClass',
]);

function knownScope(id: ObjectId, { isOwned, defaultNamespace }: PlacementContext): Scope | null {
  if (clusterScoped.has(`${id.group}/${id.kind}`) || isOwned(formatObjectId({ ...id, namespace: '' })))
    return 'cluster';
  const namespace = id.namespace || (defaultNamespace ?? '');
  return isOwned(formatObjectId({ ...id, namespace })) ? 'namespaced' : null;
}
