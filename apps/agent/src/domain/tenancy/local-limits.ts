import type { TargetSettings } from '@fairlead/shared/contracts';
import type { ObjectId } from '@fairlead/manifests';

/** What an agent lets apps do on its cluster, whatever its hub says. Set where the agent is started, and only there. */
export interface LocalLimits {
  /** Namespaces that apps may touch: names, or beginnings of names and `*`; all when unset (`FAIRLEAD_ALLOWED_NAMESPACES`). */
  readonly namespaces: readonly string[] | null;
  /** Kinds that apps may touch: `group/Kind`, `group/*`, or `Kind` of the core group; all when unset (`FAIRLEAD_ALLOWED_KINDS`). */
  readonly kinds: readonly string[] | null;
  /** Whether apps may touch objects outside namespaces, `allow` (also when unset) or `deny` (`FAIRLEAD_CLUSTER_SCOPED`). */
  readonly clusterScoped: boolean;
  /** Whether apps must name a service account to act as, `true` or `false` (`FAIRLEAD_REQUIRE_SERVICE_ACCOUNT`). */
  readonly requireServiceAccount: boolean;
}

/** Why an object may not be written or deleted here; null when it may. */
export function objectRefusal(limits: LocalLimits, id: ObjectId, isNamespaced: boolean): string | null {
  if (!isKindAllowed(limits, id)) return `this agent does not touch the kind ${kindName(id)}`;
  if (!isNamespaced && !limits.clusterScoped) return 'this agent does not touch objects outside namespaces';
  const namespace = isNamespaced ? id.namespace : isNamespace(id) ? id.name : null;
  if (namespace !== null && !isNamespaceAllowed(limits, namespace))
    return `this agent does not touch the namespace ${namespace}`;
  return null;
}

function isNamespaceAllowed({ namespaces }: LocalLimits, name: string): boolean {
  return namespaces === null || namespaces.some((pattern) => matches(pattern, name));
}

function isKindAllowed({ kinds }: LocalLimits, id: ObjectId): boolean {
  return kinds === null || kinds.includes(kindName(id)) || kinds.includes(`${id.group}/*`);
}

function kindName({ group, kind }: ObjectId): string {
  return group === '' ? kind : `${group}/${kind}`;
}

function isNamespace({ group, kind }: ObjectId): boolean {
  return group === '' && kind === 'Namespace';
}

function matches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

/** The user that an app acts as; null: the agent itself. */
export type Actor = { readonly user: string | null } | { readonly refusal: string };

const nameRule = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/** Whom an app acts as, or why it may not act here at all. */
export function actorOf(
  limits: LocalLimits,
  settings: Pick<TargetSettings, 'serviceAccount' | 'namespace'>,
  agentNamespace: string,
): Actor {
  const { serviceAccount } = settings;
  if (serviceAccount === null) {
    if (!limits.requireServiceAccount) return { user: null };
    return { refusal: 'this agent acts for an app only as a service account, and the app names none' };
  }
  const [first = '', ...rest] = serviceAccount.split('/');
  const namespace = rest.length === 0 ? (settings.namespace ?? '') : first;
  const name = rest.length === 0 ? first : rest.join('/');
  if (!nameRule.test(namespace) || !nameRule.test(name))
    return { refusal: `"${serviceAccount}" names no service account: it has to be NAME or NAMESPACE/NAME` };
  if (namespace === agentNamespace)
    return { refusal: "an app may not act as a service account of the agent's namespace" };
  if (!isNamespaceAllowed(limits, namespace))
    return { refusal: `this agent does not act as service accounts of the namespace ${namespace}` };
  return { user: `system:serviceaccount:${namespace}:${name}` };
}
