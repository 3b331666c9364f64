import type { JsonObject } from '@fairlead/manifests';
import { fieldOf, isJsonObject } from '@fairlead/manifests';
import type { Resource } from '../kustomize/resource.ts';

const phases: Readonly<Record<string, string>> = {
  'pre-install': 'before',
  'pre-upgrade': 'before',
  'post-install': 'after',
  'post-upgrade': 'after',
};
const deletePolicies: Readonly<Record<string, string>> = {
  'before-hook-creation': 'before-creation',
  'hook-succeeded': 'succeeded',
  'hook-failed': 'failed',
};
/** Hooks of long ago that only said "before everything else". */
const plain = 'crd-install';

/**
 * Hooks of helm as hooks of Fairlead: before and after an install or upgrade. Hooks for tests, for deleting and for
 * rolling back have no moment here and are left out.
 */
export function withoutHelmHooks(resources: readonly Resource[]): Resource[] {
  return resources.flatMap((resource) => {
    const annotations = fieldOf(resource.object.metadata, 'annotations');
    const hook = fieldOf(annotations, 'helm.sh/hook');
    if (!isJsonObject(annotations) || typeof hook !== 'string') return [resource];
    const events = hook.split(',').map((event) => event.trim());
    if (events.includes(plain)) return [resource];
    const phase = events.map((event) => phases[event]).find((each) => each !== undefined);
    if (phase === undefined) return [];
    resource.object.metadata['annotations'] = translated(annotations, phase);
    return [resource];
  });
}

function translated(annotations: JsonObject, phase: string): JsonObject {
  const weight = fieldOf(annotations, 'helm.sh/hook-weight');
  const written = fieldOf(annotations, 'helm.sh/hook-delete-policy');
  // Without a policy helm deletes the old one before it makes the new one.
  const policies = (typeof written === 'string' ? written : 'before-hook-creation')
    .split(',')
    .map((each) => each.trim());
  const policy = policies.flatMap((each) => deletePolicies[each] ?? []).join(',');
  return {
    ...annotations,
    'fairlead.dev/hook': phase,
    ...(policy === '' ? {} : { 'fairlead.dev/hook-delete': policy }),
    ...(typeof weight === 'string' && /^-?\d+$/.test(weight) ? { 'fairlead.dev/wave': weight } : {}),
  };
}
