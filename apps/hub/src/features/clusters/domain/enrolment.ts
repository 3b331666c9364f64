import { fitsNamePattern } from './name-pattern.ts';

export interface EnrolmentFacts {
  clusterName: string;
  fingerprint: string;
  keyId: string;
  token: {
    namePattern: string;
    maxUses: number;
    uses: number;
    createdAtMs: number;
    expiresAtMs: number;
    revokedAtMs: number | null;
  } | null;
  /** The cluster that has this name already. */
  cluster: { fingerprint: string; revokedAtMs: number | null } | null;
  /** Who has this key already. */
  key: { clusterName: string; revokedAtMs: number | null } | null;
}

export type EnrolmentRefusal =
  | 'unknown-token'
  | 'expired-token'
  | 'revoked-token'
  | 'used-up-token'
  | 'name-not-allowed'
  | 'token-older-than-revocation'
  | 'key-of-another-cluster'
  | 'name-taken';

export type EnrolmentDecision =
  { ok: true; isNew: boolean; consumesUse: boolean } | { ok: false; reason: EnrolmentRefusal };

/**
 * Whether an agent may enrol. A retry of an enrolment whose answer was lost (same cluster, same key) takes no further
 * use of the token. A revoked cluster comes back only with a token that was made after its revocation.
 */
export function decideEnrolment(facts: EnrolmentFacts, nowMs: number): EnrolmentDecision {
  const { token, cluster, key } = facts;
  if (!token) return refuse('unknown-token');
  if (token.revokedAtMs !== null) return refuse('revoked-token');
  if (token.expiresAtMs <= nowMs) return refuse('expired-token');
  const isRetry =
    cluster?.fingerprint === facts.fingerprint &&
    cluster.revokedAtMs === null &&
    key?.clusterName === facts.clusterName &&
    key.revokedAtMs === null;
  if (!isRetry && token.uses >= token.maxUses) return refuse('used-up-token');
  if (!fitsNamePattern(facts.clusterName, token.namePattern)) return refuse('name-not-allowed');
  if (cluster && cluster.fingerprint !== facts.fingerprint) return refuse('name-taken');
  if (cluster?.revokedAtMs != null && token.createdAtMs <= cluster.revokedAtMs) {
    return refuse('token-older-than-revocation');
  }
  if (key && key.clusterName !== facts.clusterName) return refuse('key-of-another-cluster');
  return { ok: true, isNew: cluster === null, consumesUse: !isRetry };
}

function refuse(reason: EnrolmentRefusal): EnrolmentDecision {
  return { ok: false, reason };
}
