import { decodeJwt, errors, importJWK, jwtVerify, SignJWT } from 'jose';
import type { AgentTokenResponse } from '@fairlead/shared/contracts';
import type { ClusterId } from '@fairlead/shared/kernel';
import type { Clock } from '../../../platform/clock/clock.ts';
import { agentUnauthenticated } from '../domain/cluster.errors.ts';
import type { AgentKeyStore } from './agent-key.store.ts';

/** An authenticated agent. */
export interface AgentIdentity {
  clusterId: ClusterId;
  clusterName: string;
  keyId: string;
}

const lifetimeSeconds = 600;
const assertionSeconds = 60;
/** Clocks of clusters are not quite ours. */
const skewSeconds = 10;
const tokenUse = 'fairlead-agent';

/** Proof of an agent's key for a short-lived access token, and the access token for who it is. */
export class AgentTokens {
  readonly #keys: AgentKeyStore;
  readonly #clock: Clock;
  readonly #audience: string;
  readonly #signingKey: Uint8Array;

  constructor(options: { keys: AgentKeyStore; clock: Clock; audience: string; signingKey: Uint8Array }) {
    this.#keys = options.keys;
    this.#clock = options.clock;
    this.#audience = options.audience;
    this.#signingKey = options.signingKey;
  }

  /** `private_key_jwt` (RFC 7523): each assertion is good for one token. */
  async issue(assertion: string): Promise<AgentTokenResponse> {
    const keyId = issuerOf(assertion);
    const key = keyId === null ? null : await this.#keys.findActive(keyId);
    if (keyId === null || !key) throw agentUnauthenticated();
    const nowMs = this.#clock.nowMs();
    const claims = await verified(async () => {
      const { payload } = await jwtVerify(assertion, await importJWK(key.publicKey, 'EdDSA'), {
        algorithms: ['EdDSA'],
        issuer: keyId,
        subject: keyId,
        audience: this.#audience,
        requiredClaims: ['exp', 'jti'],
        clockTolerance: skewSeconds,
        currentDate: new Date(nowMs),
      });
      return payload;
    });
    const expiresAtMs = (claims.exp ?? 0) * 1000;
    if (expiresAtMs > nowMs + (assertionSeconds + skewSeconds) * 1000 || !claims.jti || claims.jti.length > 200) {
      throw agentUnauthenticated();
    }
    // Remembered a little longer than it is accepted.
    const rememberUntilMs = expiresAtMs + 2 * skewSeconds * 1000;
    if (!(await this.#keys.useJti(`${keyId}/${claims.jti}`, rememberUntilMs, nowMs))) throw agentUnauthenticated();
    const issuedAt = Math.floor(nowMs / 1000);
    const token = await new SignJWT({ cluster: key.clusterName, key: keyId })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(String(key.clusterId))
      .setAudience(tokenUse)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + lifetimeSeconds)
      .sign(this.#signingKey);
    return { access_token: token, token_type: 'Bearer', expires_in: lifetimeSeconds };
  }

  /** Who sends this `Authorization` header; refuses when the key has been revoked since the token was issued. */
  async authenticate(authorization: string | undefined): Promise<AgentIdentity> {
    const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (!token) throw agentUnauthenticated();
    const claims = await verified(async () => {
      const { payload } = await jwtVerify(token, this.#signingKey, {
        algorithms: ['HS256'],
        audience: tokenUse,
        requiredClaims: ['exp', 'sub'],
        currentDate: new Date(this.#clock.nowMs()),
      });
      return payload;
    });
    const keyId = claims['key'];
    const key = typeof keyId === 'string' ? await this.#keys.findActive(keyId) : null;
    if (!key || typeof keyId !== 'string' || String(key.clusterId) !== claims.sub) throw agentUnauthenticated();
    return { clusterId: key.clusterId, clusterName: key.clusterName, keyId };
  }
}

function issuerOf(assertion: string): string | null {
  try {
    return decodeJwt(assertion).iss ?? null;
  } catch {
    // Not a token at all.
    return null;
  }
}

async function verified<T>(check: () => Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof errors.JOSEError) throw agentUnauthenticated();
    throw error;
  }
}
