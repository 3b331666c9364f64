import type { LocalLimits } from './domain/tenancy/local-limits.ts';

export const limitFlags = ['allowed-namespaces', 'allowed-kinds', 'cluster-scoped', 'require-service-account'] as const;

type Read = (flag: (typeof limitFlags)[number], variable: string) => string | null;

/** Reads what apps may do on this cluster. What cannot be understood is a problem, and never a wider limit. */
export function readLimits(read: Read, problems: string[]): LocalLimits {
  const namespaces = readList(read('allowed-namespaces', 'FAIRLEAD_ALLOWED_NAMESPACES'));
  const kinds = readList(read('allowed-kinds', 'FAIRLEAD_ALLOWED_KINDS'));
  const clusterScoped = read('cluster-scoped', 'FAIRLEAD_CLUSTER_SCOPED') ?? 'allow';
  const required = read('require-service-account', 'FAIRLEAD_REQUIRE_SERVICE_ACCOUNT') ?? 'false';
  for (const pattern of namespaces ?? []) {
    if (!/^([a-z0-9]([-a-z0-9]*[a-z0-9])?|[a-z0-9][-a-z0-9]*\*)$/.test(pattern))
      problems.push(`--allowed-namespaces: "${pattern}" is neither a name nor the beginning of one and *`);
  }
  for (const kind of kinds ?? []) {
    if (!/^([a-z0-9.-]+\/)?([A-Z][A-Za-z0-9]*|\*)$/.test(kind) || kind === '*')
      problems.push(`--allowed-kinds: "${kind}" is not GROUP/KIND, GROUP/* or KIND of the core group`);
  }
  if (clusterScoped !== 'allow' && clusterScoped !== 'deny') problems.push('--cluster-scoped must be allow or deny');
  if (required !== 'true' && required !== 'false') problems.push('--require-service-account must be true or false');
  return {
    namespaces,
    kinds,
    clusterScoped: clusterScoped === 'allow',
    requireServiceAccount: required === 'true',
  };
}

/** Null when the setting is absent. */
function readList(text: string | null): string[] | null {
  return text === null
    ? null
    : text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '');
}
