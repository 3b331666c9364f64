/** Served by the API server itself: they are well or not all together. Every other group may have a server of its own. */
const builtIn = new Set([
  '',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'apps',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
]);

/** The group that a request is about when it may have a server (or a webhook) of its own; null for built-in ones. */
export function separateGroup(path: string): string | null {
  const group = /^\/apis\/([^/?]+)/.exec(path)?.[1] ?? '';
  return builtIn.has(group) ? null : group;
}
