import type { ClusterId } from '@fairlead/shared/kernel';
import type { EnrolmentDecision, EnrolmentFacts, EnrolmentRefusal } from '../domain/enrolment.ts';

export interface EnrolmentRequest {
  tokenHash: string;
  clusterName: string;
  fingerprint: string;
  keyId: string;
  publicKey: { kty: 'OKP'; crv: 'Ed25519'; x: string };
  agentVersion: string;
  kubernetesVersion: string;
  nowMs: number;
}

export type EnrolmentOutcome =
  { ok: true; clusterId: ClusterId } | { ok: false; reason: EnrolmentRefusal; tokenId: number | null };

export interface EnrolmentStore {
  /** Reads the facts under locks, lets `decide` judge them, and carries out what it says, in one transaction. */
  enrol(
    request: EnrolmentRequest,
    decide: (facts: EnrolmentFacts, nowMs: number) => EnrolmentDecision,
  ): Promise<EnrolmentOutcome>;
  /** Writes a refusal to the ledger. */
  refuse(refusal: {
    clusterName: string;
    reason: string;
    tokenId: number | null;
    fingerprint: string;
    address: string;
  }): Promise<void>;
}

export const ENROLMENT_STORE = Symbol('EnrolmentStore');
