/** Goes off when a soak, deadline or grace period of a group is due. Losing it costs time only: a sweep finds what is due. */
export interface RolloutTimers {
  /** Replaces what was set for the group; null sets nothing. */
  arm(groupId: number, at: number | null): void;
}
