import type { CreateJoinToken, IssuedJoinToken, JoinToken } from '@fairlead/shared/contracts';
import type { Clock } from '../../../platform/clock/clock.ts';
import { joinTokenNotFound } from '../domain/cluster.errors.ts';
import { hashJoinToken, mintJoinToken } from './join-token-secret.ts';
import type { JoinTokenStore } from './join-token.store.ts';

const defaultLimit = 100;

export class ManageJoinTokens {
  readonly #store: JoinTokenStore;
  readonly #clock: Clock;

  constructor(options: { store: JoinTokenStore; clock: Clock }) {
    this.#store = options.store;
    this.#clock = options.clock;
  }

  /** Makes a token. Its text exists in this answer only. */
  async create(request: CreateJoinToken, createdBy: string): Promise<IssuedJoinToken> {
    const token = mintJoinToken();
    const nowMs = this.#clock.nowMs();
    const { labels, namePattern, maxUses, ttlSeconds } = request;
    const stored = await this.#store.create({
      tokenHash: hashJoinToken(token),
      labels,
      namePattern,
      maxUses,
      createdBy,
      createdAtMs: nowMs,
      expiresAtMs: nowMs + ttlSeconds * 1000,
    });
    return { ...stored, token };
  }

  async list({ limit = defaultLimit, beforeId = null }: { limit?: number; beforeId?: number | null }): Promise<{
    items: JoinToken[];
    next: string | null;
  }> {
    const tokens = await this.#store.list({ beforeId, limit: limit + 1 });
    const items = tokens.slice(0, limit);
    const last = items.at(-1);
    return { items, next: tokens.length > limit && last ? String(last.id) : null };
  }

  async revoke(id: number, by: string): Promise<void> {
    if (!(await this.#store.revoke({ id, by, nowMs: this.#clock.nowMs() }))) throw joinTokenNotFound();
  }
}
