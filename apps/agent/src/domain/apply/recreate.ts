import { createHash } from 'node:crypto';
import type { JsonObject, KubeObject } from '@fairlead/manifests';
import { fieldAt, fieldOf, groupOf, isJsonObject } from '@fairlead/manifests';

const recreateAnnotation = 'fairlead.dev/recreate';

// With these goes what nobody can bring back: everything in a namespace, every object of a definition, stored data.
const never = new Set([
  '/Namespace',
  'apiextensions.k8s.io/CustomResourceDefinition',
  '/PersistentVolume',
  '/PersistentVolumeClaim',
]);

/** Whether an object may be deleted and made anew when a field of it cannot be changed. */
export function mayRecreate(desired: KubeObject, app: { readonly recreate: boolean }): boolean {
  const kind = `${groupOf(desired.apiVersion)}/${desired.kind}`;
  if (never.has(kind)) return false;
  if (fieldAt(desired, ['metadata', 'annotations', recreateAnnotation]) === 'allowed') return true;
  // Its volumes outlive it, but what its Pods did not write there does not.
  return app.recreate && kind !== 'apps/StatefulSet';
}

/** The object under another name and without what only one object can have: what the server says of it, it says of the new one. */
export function probeOf(desired: KubeObject): KubeObject {
  const suffix = createHash('sha256').update(desired.metadata.name).digest('hex').slice(0, 10);
  const metadata = { ...desired.metadata, name: `fairlead-probe-${suffix}` };
  if (desired.kind !== 'Service' || desired.apiVersion !== 'v1') return { ...desired, metadata };
  const spec: JsonObject = { ...(isJsonObject(desired['spec']) ? desired['spec'] : {}) };
  for (const field of ['clusterIPs', 'healthCheckNodePort']) delete spec[field];
  if (spec['clusterIP'] !== 'None') delete spec['clusterIP'];
  const ports = fieldOf(spec, 'ports');
  if (Array.isArray(ports)) {
    spec['ports'] = ports.map((port) => {
      if (!isJsonObject(port)) return port;
      const { nodePort: _nodePort, ...rest } = port;
      return rest;
    });
  }
  return { ...desired, metadata, spec };
}
