import {
  invalidCursor,
  type ApiToken,
  type CreateApiToken,
  type IssuedApiToken,
  type PageQuery,
} from '@fairlead/shared/contracts';
import type { Clock } from '../../../platform/clock/clock.ts';
import { lastAdminToken, principalKindConflict, tokenNotFound } from '../domain/access.errors.ts';
import type { ApiTokenStore } from './api-token.store.ts';
import { hashToken, mintToken } from './token-secret.ts';

const defaultPageSize = 100;

/** Issues, lists and revokes API tokens. */
export class ManageApiTokens {
  readonly #store: ApiTokenStore;
  readonly #clock: Clock;
  readonly #onRevoked: () => void;

  constructor(options: { store: ApiTokenStore; clock: Clock; onRevoked: () => void }) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#onRevoked = options.onRevoked;
  }

  /** The answer is the only place where the token itself ever appears. */
  async issue(request: CreateApiToken, issuedBy: string): Promise<IssuedApiToken> {
    const token = mintToken();
    const nowMs = this.#clock.nowMs();
    const issued = await this.#store.issue({
      principal: request.principal,
      principalKind: request.principalKind,
      role: request.role,
      tokenHash: hashToken(token),
      description: request.description,
      createdAtMs: nowMs,
      expiresAtMs: nowMs + request.ttlSeconds * 1000,
      issuedBy,
    });
    if (!issued) throw principalKindConflict(request.principal, request.principalKind);
    return { ...issued, token };
  }

  /** Newest first. The cursor is the id of the last token shown. */
  async list(page: PageQuery): Promise<{ items: ApiToken[]; next: string | null }> {
    const { limit = defaultPageSize, cursor } = page;
    if (cursor !== undefined && !/^\d{1,15}$/.test(cursor)) throw invalidCursor();
    const beforeId = cursor === undefined ? null : Number(cursor);
    const items = await this.#store.list({ beforeId, limit: limit + 1 });
    const shown = items.slice(0, limit);
    const last = shown.at(-1);
    return { items: shown, next: items.length > limit && last ? String(last.id) : null };
  }

  /** Revoking twice is fine. Takes effect here at once, elsewhere when the cached token ages out. */
  async revoke(tokenId: number, revokedBy: string): Promise<void> {
    const outcome = await this.#store.revoke({ tokenId, revokedBy, nowMs: this.#clock.nowMs() });
    if (outcome === 'not-found') throw tokenNotFound(tokenId);
    if (outcome === 'last-admin') throw lastAdminToken(tokenId);
    this.#onRevoked();
  }
}
