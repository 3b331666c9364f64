import type { Json, JsonObject } from '@fairlead/manifests';
import { fieldAt, fieldOf } from '@fairlead/manifests';
import { condition, text } from './object-health.ts';
import { podTrouble } from './pods.ts';

const mostPods = 3;

/** The Pods that tell most about a failure: those that name their trouble first, then those that failed or are not ready. */
export function failingPods(pods: readonly JsonObject[]): JsonObject[] {
  const weights = pods.map((pod) => ({ pod, weight: weightOf(pod) })).filter(({ weight }) => weight > 0);
  weights.sort((left, right) => right.weight - left.weight);
  return weights.slice(0, mostPods).map(({ pod }) => pod);
}

function weightOf(pod: JsonObject): number {
  if (podTrouble(pod) !== null) return 3;
  const phase = text(fieldAt(pod, ['status', 'phase']));
  if (phase === 'Failed') return 2;
  return phase === 'Succeeded' || condition(pod, 'Ready')?.status === 'True' ? 0 : 1;
}

/** In one word why the Pod is not well. */
export function podReason(pod: JsonObject): string {
  const container = loggedContainer(pod);
  const reason =
    podTrouble(pod)?.reason ?? (text(fieldAt(pod, ['status', 'reason'])) || (container?.reason ?? '') || 'NotReady');
  return reason.slice(0, 100);
}

export interface LoggedContainer {
  readonly name: string;
  readonly hasStarted: boolean;
  /** It has ended at least once and was started again, or waits to be. */
  readonly hasCrashed: boolean;
  readonly reason: string;
}

/** The container whose log explains a Pod: the first that waits, ended badly or is not ready. */
export function loggedContainer(pod: JsonObject): LoggedContainer | null {
  const statuses = ['initContainerStatuses', 'containerStatuses'].flatMap((list) => {
    const entries = fieldAt(pod, ['status', list]);
    return Array.isArray(entries) ? entries : [];
  });
  const found =
    statuses.find((status) => fieldAt(status, ['state', 'waiting']) !== undefined) ??
    statuses.find((status) => (fieldAt(status, ['state', 'terminated', 'exitCode']) ?? 0) !== 0) ??
    statuses.find(
      (status) => fieldOf(status, 'ready') === false && fieldAt(status, ['state', 'running']) !== undefined,
    ) ??
    statuses[0];
  return found === undefined ? null : describe(found);
}

function describe(status: Json): LoggedContainer {
  const hasCrashed = fieldAt(status, ['lastState', 'terminated']) !== undefined;
  const isWaiting = fieldAt(status, ['state', 'waiting']) !== undefined;
  return {
    name: text(fieldOf(status, 'name')),
    hasStarted: !isWaiting || hasCrashed,
    hasCrashed,
    reason: text(fieldAt(status, ['state', 'terminated', 'reason'])),
  };
}
