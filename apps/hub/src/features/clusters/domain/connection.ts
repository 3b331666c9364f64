/** What a cluster's connection can be (contracts `ConnectionState`). */
export type ConnectionState = 'connected' | 'unknown' | 'never' | 'revoked';

/** Signs of life that may be missed before a cluster counts as unknown. */
const missedHeartbeats = 3;

export interface ConnectionFacts {
  createdAtMs: number;
  revokedAtMs: number | null;
  /** The newest session, if there ever was one. */
  session: { connectedAtMs: number; lastHeartbeatAtMs: number; disconnectedAtMs: number | null } | null;
}

/** What the hub knows of a cluster's connection. Silence is `unknown`, whatever the last word was. */
export function connectionOf(
  facts: ConnectionFacts,
  { nowMs, heartbeatIntervalMs }: { nowMs: number; heartbeatIntervalMs: number },
): { state: ConnectionState; sinceMs: number } {
  const { createdAtMs, revokedAtMs, session } = facts;
  if (revokedAtMs !== null) return { state: 'revoked', sinceMs: revokedAtMs };
  if (!session) return { state: 'never', sinceMs: createdAtMs };
  if (session.disconnectedAtMs !== null) return { state: 'unknown', sinceMs: session.disconnectedAtMs };
  const isSilent = nowMs - session.lastHeartbeatAtMs > missedHeartbeats * heartbeatIntervalMs;
  return isSilent
    ? { state: 'unknown', sinceMs: session.lastHeartbeatAtMs }
    : { state: 'connected', sinceMs: session.connectedAtMs };
}
