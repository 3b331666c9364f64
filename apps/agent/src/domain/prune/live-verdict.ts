import type { ObjectId } from '@fairlead/manifests';
import { isMarkedFor } from '../marks.ts';
import { isAgentsOwn } from './agents-own.ts';
import { protectionOf } from './protection.ts';

/** What the guards look at: the object as it is in the cluster right before it would be deleted. */
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
  /** Why deleting it would take somebody else's objects along; null when it would not. */
  readonly contentInTheWay: (id: ObjectId) => Promise<string | null>;
}

/**
 * `delete`: it may go. `wait`: it is on its way out already. `release`: no longer the app's to remember, it stays (and with
 * `detach` it loses our marks). `keep`: the app's, but it must stay for now.
 */
export type LiveVerdict = { readonly action: 'delete' | 'wait' } | Staying;

export type Staying =
  | { readonly action: 'release'; readonly isOurs: boolean; readonly detach: boolean; readonly reason: string }
  | { readonly action: 'keep'; readonly reason: string };

/** Judges one object before it is deleted. The first guard that objects decides. */
export async function liveVerdict(id: ObjectId, live: LiveObject, context: PruneContext): Promise<LiveVerdict> {
  if (!isMarkedFor(context.app, id, live, context.agentNamespace)) {
    return { ...release('it does not carry the marks of this app any more'), isOurs: false };
  }
  const protection = protectionOf(live.annotations);
  if (protection !== null) {
    const { annotation, value, detaches } = protection;
    return release(`its annotation ${annotation}: ${value} protects it`, detaches);
  }
  if (context.appliedUids.has(live.uid)) return release('the same object is applied under another API group');
  if (isNamespace(id) && context.usedNamespaces.has(id.name)) return keep('the namespace is still in use by the app');
  // What is going already takes its content along whatever we think of it.
  const content = live.deleting ? null : await context.contentInTheWay(id);
  if (content !== null) return keep(content);
  if (live.owned) return release('another object owns it: its owner references decide about it');
  if (live.deleting) return { action: 'wait' };
  if (isAgentsOwn(id, context.agentNamespace)) return release('the agent itself lives by it');
  return { action: 'delete' };
}

export function isNamespace(id: ObjectId): boolean {
  return id.kind === 'Namespace' && id.group === '';
}

export function isDefinition(id: ObjectId): boolean {
  return id.kind === 'CustomResourceDefinition' && id.group === 'apiextensions.k8s.io';
}

function release(reason: string, detach = false): Extract<LiveVerdict, { action: 'release' }> {
  return { action: 'release', isOurs: true, detach, reason };
}

function keep(reason: string): LiveVerdict {
  return { action: 'keep', reason };
}
