import { calculateJwkThumbprint } from 'jose';
import type { EnrollRequest, EnrollResponse } from '@fairlead/shared/contracts';
import type { Clock } from '../../../platform/clock/clock.ts';
import { clusterNameTaken, enrolmentRefused } from '../domain/cluster.errors.ts';
import { decideEnrolment } from '../domain/enrolment.ts';
import type { EnrolmentStore } from './enrolment.store.ts';
import { hashJoinToken } from './join-token-secret.ts';
import { RefusalBudget } from './refusal-budget.ts';

/** Trades a join token for a registered key. */
export class EnrolCluster {
  readonly #store: EnrolmentStore;
  readonly #clock: Clock;
  readonly #audience: string;
  readonly #refusals = new RefusalBudget({ perMinute: 120 });

  constructor(options: { store: EnrolmentStore; clock: Clock; audience: string }) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#audience = options.audience;
  }

  async enrol(request: EnrollRequest, address: string): Promise<EnrollResponse> {
    const nowMs = this.#clock.nowMs();
    const { clusterName, fingerprint, agentVersion, kubernetesVersion, publicKey } = request;
    const keyId = await calculateJwkThumbprint(publicKey);
    const tokenHash = hashJoinToken(request.token);
    const outcome = await this.#store.enrol(
      { tokenHash, clusterName, fingerprint, keyId, publicKey, agentVersion, kubernetesVersion, nowMs },
      decideEnrolment,
    );
    if (outcome.ok) return { clusterId: outcome.clusterId, clusterName, keyId, audience: this.#audience };
    const { reason, tokenId } = outcome;
    if (this.#refusals.take(nowMs)) {
      await this.#store.refuse({ clusterName, reason, tokenId, fingerprint, address });
    }
    throw reason === 'name-taken' ? clusterNameTaken() : enrolmentRefused();
  }
}
