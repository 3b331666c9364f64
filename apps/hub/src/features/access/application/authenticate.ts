import type { Clock } from '../../../platform/clock/clock.ts';
import { tooManyAttempts, unauthenticated } from '../domain/access.errors.ts';
import { addressBucket, AttemptWindow } from '../domain/attempt-window.ts';
import { isLive, type AuthenticatedPrincipal, type StoredToken } from '../domain/principal.ts';
import type { ApiTokenStore } from './api-token.store.ts';
import type { RefusalLog } from './refusal-log.ts';
import { hashToken, readBearer } from './token-secret.ts';

/** How long a revoked token may still pass on a replica that did not revoke it itself. */
const cacheMs = 5_000;
const cacheSize = 10_000;
const lastUsedPrecisionMs = 60_000;
const failureWindowMs = 60_000;
const lookUpsBeyondLimitPerSecond = 50;

export interface Attempt {
  authorization: string | undefined;
  address: string;
  /** What is asked for, as the ledger names it. */
  subject: string;
}

/**
 * Turns a bearer token into a principal. Wrong tokens are limited per address: beyond the limit they are neither explained nor
 * written down, and may cost the database only a bounded number of look-ups. A valid token passes all the same, so that one
 * bad caller behind a proxy does not lock out everyone else behind it; guessing 256 bits needs no further obstacle.
 */
export class Authenticate {
  readonly #store: ApiTokenStore;
  readonly #refusals: RefusalLog;
  readonly #clock: Clock;
  readonly #failures: AttemptWindow;
  readonly #lookUpsBeyondLimit = new AttemptWindow({
    limit: lookUpsBeyondLimitPerSecond,
    windowMs: 1000,
    maxKeys: 10_000,
  });
  readonly #known = new Map<string, { token: StoredToken; readAtMs: number }>();

  constructor(options: { store: ApiTokenStore; refusals: RefusalLog; clock: Clock; failuresPerMinute: number }) {
    this.#store = options.store;
    this.#refusals = options.refusals;
    this.#clock = options.clock;
    this.#failures = new AttemptWindow({
      limit: options.failuresPerMinute,
      windowMs: failureWindowMs,
      maxKeys: 10_000,
    });
  }

  /** Throws `access.unauthenticated` or `access.too-many-attempts`. */
  async authenticate(attempt: Attempt): Promise<AuthenticatedPrincipal> {
    const bearer = readBearer(attempt.authorization);
    if (bearer === null) throw unauthenticated();
    const nowMs = this.#clock.nowMs();
    const hash = bearer === 'malformed' ? null : hashToken(bearer);
    const token = hash === null || !this.#mayLookUp(hash, attempt, nowMs) ? null : await this.#read(hash, nowMs);
    if (token && isLive(token, nowMs)) return token.principal;
    if (this.#failures.isExhausted(addressBucket(attempt.address), nowMs)) {
      throw tooManyAttempts(failureWindowMs / 1000);
    }
    await this.#refuse(attempt, token, nowMs);
    throw unauthenticated();
  }

  #mayLookUp(hash: string, { address }: Attempt, nowMs: number): boolean {
    const caller = addressBucket(address);
    if (this.#known.has(hash) || !this.#failures.isExhausted(caller, nowMs)) return true;
    return this.#lookUpsBeyondLimit.take(caller, nowMs);
  }

  /** Forgets what is cached, so that a revocation made here counts here at once. */
  forget(): void {
    this.#known.clear();
  }

  async #read(hash: string, nowMs: number): Promise<StoredToken | null> {
    const known = this.#known.get(hash);
    if (known && nowMs - known.readAtMs < cacheMs) return known.token;
    const token = await this.#store.findByHash(hash);
    this.#known.delete(hash);
    if (!token || !isLive(token, nowMs)) return token;
    this.#remember(hash, token, nowMs);
    if (token.lastUsedAtMs === null || nowMs - token.lastUsedAtMs >= lastUsedPrecisionMs) {
      await this.#store.markUsed(token.principal.tokenId, nowMs);
    }
    return token;
  }

  #remember(hash: string, token: StoredToken, nowMs: number): void {
    this.#known.set(hash, { token, readAtMs: nowMs });
    if (this.#known.size <= cacheSize) return;
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest);
      return;
    }
  }

  async #refuse(attempt: Attempt, token: StoredToken | null, nowMs: number): Promise<void> {
    this.#failures.take(addressBucket(attempt.address), nowMs);
    const reason = token === null ? 'unknown token' : token.isRevoked ? 'revoked token' : 'expired token';
    await this.#refusals.record(
      {
        // A token that once was valid names who uses it still; what it may do is gone.
        actor: token?.principal.name ?? 'anonymous',
        action: 'access.unauthenticated',
        subject: attempt.subject,
        reason,
        address: attempt.address,
      },
      nowMs,
    );
  }
}
