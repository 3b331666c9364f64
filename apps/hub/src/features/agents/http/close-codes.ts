/** Why the hub ends a session. From 4000 on the agent gets a new access token before it comes back. */
export const closeCodes = {
  /** The hub restarts and is back soon. */
  restart: 1012,
  /** The hub stops with many agents on it: come back somewhere within a minute. */
  tryAgainLater: 1013,
  unsupportedFrame: 1003,
  outOfContract: 1008,
  helloFirst: 4000,
  revoked: 4001,
  fingerprintMismatch: 4003,
  superseded: 4009,
} as const;
