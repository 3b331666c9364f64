import type { TargetSettings } from '@fairlead/shared/contracts';
import type { ObjectId } from '@fairlead/manifests';
import { actorOf, objectRefusal } from '../../domain/tenancy/local-limits.ts';
import type { LocalLimits } from '../../domain/tenancy/local-limits.ts';
import type { KubeClient } from '../../kube/kube-client.ts';
import { notAllowedHere } from '../../kube/kube-error.ts';
import type { TargetContext } from '../target-context.ts';

type Settings = Pick<TargetSettings, 'serviceAccount' | 'namespace'>;
type Here = Pick<TargetContext, 'limits' | 'agentNamespace'>;

/**
 * The same context for one app: its objects are reached as whom it acts as, and only as far as this agent lets apps go.
 * Inventories, watches and leases stay the agent's own.
 */
export function actingFor(settings: Settings, context: TargetContext): TargetContext {
  const actor = actorOf(context.limits, settings, context.agentNamespace);
  const kube = context.kube.acting({
    user: 'user' in actor ? actor.user : null,
    guard: ({ group, kind, namespaced }, { namespace, name }) => {
      const refusal = refusedHere({ group, kind, namespace, name }, namespaced, settings, context);
      if (refusal !== null) throw notAllowedHere(refusal);
    },
  });
  return { ...context, kube };
}

/** The agent itself, doing something for an app that no app could do: within the same limits. */
export function actingWithin(limits: LocalLimits, kube: KubeClient): KubeClient {
  return kube.acting({
    user: null,
    guard: ({ group, kind, namespaced }, { namespace, name }) => {
      const refusal = objectRefusal(limits, { group, kind, namespace, name }, namespaced);
      if (refusal !== null) throw notAllowedHere(refusal);
    },
  });
}

/** Why this agent does not touch an object of an app, whatever the hub says; null when it may. */
function refusedHere(id: ObjectId, isNamespaced: boolean, settings: Settings, here: Here): string | null {
  const actor = actorOf(here.limits, settings, here.agentNamespace);
  return 'refusal' in actor ? actor.refusal : objectRefusal(here.limits, id, isNamespaced);
}
