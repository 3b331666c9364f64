import type { HoldPolicy } from './rollout.types.ts';

export interface AssignEffect {
  readonly type: 'assign';
  readonly appId: number;
  readonly clusterId: number;
  readonly app: string;
  readonly cluster: string;
  readonly digest: string;
  readonly releaseId: number;
  readonly counter: number;
  readonly mode: 'reconcile' | 'frozen';
}

export interface HoldEffect {
  readonly type: 'hold';
  readonly releaseId: number | null;
  readonly reason: string;
  readonly policy: HoldPolicy;
  /** Who holds it: a person, or `hub`. */
  readonly by: string;
}

export interface QuarantineEffect {
  readonly type: 'quarantine';
  readonly appId: number;
  readonly clusterId: number;
  readonly app: string;
  readonly cluster: string;
  readonly digest: string;
}

/** A line for those who follow the rollout. */
export interface EventEffect {
  readonly type: 'event';
  readonly event: 'rollout' | 'wave' | 'target';
  readonly payload: Readonly<Record<string, string | number | null>>;
}

export interface LedgerEffect {
  readonly type: 'ledger';
  readonly actor: string;
  readonly action: string;
  readonly reason: string | null;
}

/** Look again at this instant at the latest. */
export interface CheckAtEffect {
  readonly type: 'checkAt';
  readonly at: number;
}

/** What the world should change because of a decision, as plain values; somebody else performs them. */
export type Effect = AssignEffect | HoldEffect | QuarantineEffect | EventEffect | LedgerEffect | CheckAtEffect;
