import type { ManagedEntry } from './managed-entry.ts';

const ourManager = 'fairlead';

// Programs that are meant to fill in what people leave out.
const controllers = new Set([
  'kubelet',
  'kube-apiserver',
  'kube-proxy',
  'kube-scheduler',
  'cluster-autoscaler',
  'cloud-controller-manager',
  'cainjector',
  'external-dns',
  'karpenter',
  'keda',
  'istiod',
  // What a program is called that never chose a name.
  'controller',
  'manager',
  'operator',
]);
const controllerNames =
  /^(cert-manager|vpa-|horizontal-pod-autoscaler)|-(controller|controllers|controller-manager|operator|autoscaler|scheduler|provisioner|injector|recommender|updater|webhook)$/;
// These bring what people wrote somewhere else.
const deployers = /^(argocd|kustomize|helm|flux)/;

/** Whether what this manager sets was most likely meant by a person (or a tool that a person sent), and not by a controller. */
function isOutsider(manager: string): boolean {
  if (manager === ourManager) return false;
  if (deployers.test(manager)) return true;
  return !controllers.has(manager) && !controllerNames.test(manager);
}

/** Entries of outsiders on the main resource; what is set through `status` or `scale` is the work of controllers. */
export function outsidersOf(entries: readonly ManagedEntry[]): ManagedEntry[] {
  return entries.filter(({ manager, subresource }) => subresource === '' && isOutsider(manager));
}
