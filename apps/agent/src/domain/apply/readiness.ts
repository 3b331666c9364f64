import type { ObjectId } from '@fairlead/manifests';
import type { ObjectHealth } from '../health/object-health.ts';

export interface Awaited {
  readonly id: ObjectId;
  readonly health: ObjectHealth;
  /** Written for this release and not touched since. */
  readonly isApplied: boolean;
  /** Why it could not be applied; `isWaiting` when it only waits for its own dependencies. */
  readonly failure: { readonly isWaiting: boolean } | null;
}

/** Whether what waits for an object may go on, has to wait, or cannot count on it. */
export type Readiness = 'ready' | 'waiting' | 'failed';

/** An object is ready when it is applied and healthy. */
export function readiness({ failure, health, isApplied }: Awaited): Readiness {
  if (failure !== null) return failure.isWaiting ? 'waiting' : 'failed';
  if (!isApplied) return 'waiting';
  if (health.state === 'failed') return 'failed';
  return health.state === 'current' || health.state === 'suspended' ? 'ready' : 'waiting';
}

/**
 * The same for the next wave, which waits for everything before it. Claims that are bound by their first user, and addresses
 * that come from outside, would stop it for ever: those do not count unless somebody depends on them by name.
 */
export function readinessForWave(awaited: Awaited): Readiness {
  const result = readiness(awaited);
  return result === 'waiting' && awaited.isApplied && comesFromOutside.has(`${awaited.id.group}/${awaited.id.kind}`)
    ? 'ready'
    : result;
}

const comesFromOutside = new Set(['/PersistentVolumeClaim', '/Service', 'networking.k8s.io/Ingress']);
