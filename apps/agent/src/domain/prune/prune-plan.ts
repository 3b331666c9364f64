import type { PruneHold, TargetSettings } from '@fairlead/shared/contracts';
import type { ObjectId } from '@fairlead/manifests';
import { evaluatePrune, formatObjectId } from '@fairlead/manifests';
import { agentNames, isMarkedFor } from '../marks.ts';

export interface PrunePlan {
  /** In order of deletion. */
  readonly deletions: readonly ObjectId[];
  readonly held: PruneHold | null;
}

const mostNamed = 50;

/** Which objects that left the app may go now. The shared guard decides about the set; `liveVerdict` about each object. */
export function planPrune(
  inventory: readonly ObjectId[],
  desired: readonly ObjectId[],
  settings: TargetSettings['prune'],
  confirmedHash: string | null,
): PrunePlan {
  if (!settings.enabled) return { deletions: [], held: null };
  const { allowed, held } = evaluatePrune({
    inventory,
    desired,
    maxDeletes: settings.maxDeletes,
    confirmKinds: settings.confirm,
    allowEmpty: settings.allowEmpty,
    ...(confirmedHash === null ? {} : { confirmedHash }),
  });
  return {
    deletions: allowed,
    held:
      held === null
        ? null
        : {
            reason: held.reason,
            hash: held.hash,
            objects: held.ids.slice(0, mostNamed).map(formatObjectId),
            count: held.ids.length,
          },
  };
}

export interface LiveObject {
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly deleting: boolean;
  readonly owned: boolean;
}

export interface PruneContext {
  readonly app: string;
  readonly agentNamespace: string;
  /** UIDs of objects that were applied for this digest: the same object under another API group stays. */
  readonly appliedUids: ReadonlySet<string>;
  /** Namespaces of objects that stay. */
  readonly usedNamespaces: ReadonlySet<string>;
}

/** `forget`: no longer ours, leave it. `keep`: ours, but it must stay for now. `wait`: somebody is deleting it already. */
export type LiveVerdict =
  { readonly action: 'delete' | 'wait' } | { readonly action: 'forget' | 'keep'; readonly reason: string };

/** Judges one object by what it is right now in the cluster, before it is deleted. */
export function liveVerdict(id: ObjectId, live: LiveObject, context: PruneContext): LiveVerdict {
  if (isAgentsOwn(id, context.agentNamespace)) return { action: 'forget', reason: 'it belongs to the agent' };
  if (!isMarkedFor(context.app, id, live, context.agentNamespace))
    return { action: 'forget', reason: 'it does not carry the marks of this app any more' };
  if (isProtected(live.annotations)) return { action: 'forget', reason: 'an annotation protects it' };
  if (context.appliedUids.has(live.uid))
    return { action: 'forget', reason: 'the same object is applied under another group' };
  if (live.owned) return { action: 'forget', reason: 'another object owns it' };
  if (id.kind === 'Namespace' && id.group === '' && context.usedNamespaces.has(id.name)) {
    return { action: 'keep', reason: 'the namespace is still in use' };
  }
  return { action: live.deleting ? 'wait' : 'delete' };
}

/** Objects the agent lives by: never applied for an app, never deleted. */
export function isAgentsOwn(id: ObjectId, agentNamespace: string): boolean {
  if (id.group === '' && id.kind === 'Namespace') return id.name === agentNamespace;
  const isNamedLikeAgent = agentNames.test(id.name);
  if (id.namespace === agentNamespace) return isNamedLikeAgent;
  return id.group === 'rbac.authorization.k8s.io' && id.namespace === '' && isNamedLikeAgent;
}

const protections: Readonly<Record<string, string>> = {
  'fairlead.dev/prune': 'disabled',
  'kustomize.toolkit.fluxcd.io/prune': 'disabled',
  'client.lifecycle.config.k8s.io/deletion': 'detach',
  'cli-utils.sigs.k8s.io/on-remove': 'keep',
};

function isProtected(annotations: Readonly<Record<string, string>>): boolean {
  return Object.entries(protections).some(([name, value]) => annotations[name] === value);
}
