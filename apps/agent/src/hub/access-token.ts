import { CodedError } from '@fairlead/shared/kernel';
import type { HubHttp } from './hub-http.ts';
import type { Identity } from './identity.ts';
import { check } from './shape.ts';
import { agentTokenResponse } from './wire.ts';

const renewBeforeMs = 60_000;

/** Short-lived access tokens, got with a signed assertion and renewed a minute before they end. */
export class AccessTokens {
  readonly #hub: HubHttp;
  readonly #identity: Identity;
  #current: { token: string; goodUntil: number } | null = null;

  constructor(hub: HubHttp, identity: Identity) {
    this.#hub = hub;
    this.#identity = identity;
  }

  async get(signal?: AbortSignal): Promise<string> {
    if (this.#current !== null && performance.now() < this.#current.goodUntil) return this.#current.token;
    const enrolment = this.#identity.enrolment();
    if (enrolment === null)
      throw new CodedError({ code: 'agent.not-enrolled', kind: 'denied' }, 'this cluster is not enrolled');
    const { keyId, audience } = enrolment;
    const answer = await this.#hub.post(
      '/agent/v1/token',
      {
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: this.#identity.key.assertion({ keyId, audience, nowMs: Date.now() }),
      },
      signal ? { signal } : {},
    );
    const parsed = check(agentTokenResponse, answer);
    if (!parsed.ok)
      throw new CodedError({ code: 'hub.contract', kind: 'unavailable' }, 'the hub answered outside the contract');
    this.#current = {
      token: parsed.value.access_token,
      goodUntil: performance.now() + Math.max(5_000, parsed.value.expires_in * 1000 - renewBeforeMs),
    };
    return this.#current.token;
  }

  forget(): void {
    this.#current = null;
  }
}
