import { createHmac, timingSafeEqual } from 'node:crypto';
import { countRefusal, type RefusalBudget } from '../domain/refusal-budget.ts';
import { webhookRefused } from '../domain/source.errors.ts';
import { webhookPurpose } from './manage-sources.ts';
import type { SecretBox } from './secret-box.ts';
import type { SourceStore } from './source.store.ts';

export interface WebhookCall {
  source: string;
  /** The body exactly as it came over the wire. */
  body: Uint8Array;
  /** `sha256=<hex>`: HMAC of the body under the source's webhook secret. */
  signature: string | undefined;
  /** Chosen by the sender, new for every call. */
  delivery: string | undefined;
  /** Seconds since the epoch; when given it must be within five minutes of the hub's clock. */
  timestamp: string | undefined;
}

const windowMs = 300_000;
const ledgerEntriesPerMinute = 60;

/**
 * Takes a webhook. All it ever does is to trigger a fetch: what is fetched, and from where, stands in the source. So a
 * replayed call costs one fetch at most, and a delivery that was seen before costs nothing.
 */
export class ReceiveWebhook {
  readonly #store: SourceStore;
  readonly #secrets: SecretBox;
  readonly #clock: { nowMs(): number };
  #refusals: RefusalBudget = { windowStartMs: 0, count: 0 };

  constructor(options: { store: SourceStore; secrets: SecretBox; clock: { nowMs(): number } }) {
    this.#store = options.store;
    this.#secrets = options.secrets;
    this.#clock = options.clock;
  }

  /** `duplicate` when this delivery has been here before. Throws `webhook.refused`. */
  async receive(call: WebhookCall): Promise<{ outcome: 'accepted' | 'duplicate' }> {
    const source = await this.#store.findByNameForHook(call.source);
    const secret = source?.webhookSecretSealed
      ? this.#secrets.open(source.webhookSecretSealed, webhookPurpose(call.source))
      : null;
    const problem = this.#problemOf(call, secret);
    if (source === null || problem !== null) return this.#refuse(call.source, problem ?? 'unknown source');
    const isNew = await this.#store.acceptDelivery(source.id, call.delivery ?? '');
    return { outcome: isNew ? 'accepted' : 'duplicate' };
  }

  #problemOf(call: WebhookCall, secret: string | null): string | null {
    // Without a secret the signature is compared all the same, so that the time does not tell which sources have one.
    const isSigned = verifySignature(call, secret ?? 'no secret');
    if (secret === null) return 'no webhook secret';
    if (!isSigned) return 'wrong signature';
    if (call.delivery === undefined || !/^[\w.:-]{1,100}$/.test(call.delivery)) return 'no usable delivery id';
    if (call.timestamp !== undefined && !this.#isFresh(call.timestamp)) return 'timestamp outside the window';
    return null;
  }

  #isFresh(timestamp: string): boolean {
    return /^\d{1,12}$/.test(timestamp) && Math.abs(this.#clock.nowMs() - Number(timestamp) * 1000) <= windowMs;
  }

  async #refuse(source: string, reason: string): Promise<never> {
    const { next, admit } = countRefusal(this.#refusals, this.#clock.nowMs(), ledgerEntriesPerMinute);
    this.#refusals = next;
    if (admit) await this.#store.recordRefusedDelivery(source.slice(0, 63), reason);
    throw webhookRefused();
  }
}

function verifySignature(call: WebhookCall, secret: string): boolean {
  const expected = createHmac('sha256', secret).update(call.body).digest();
  const given = /^sha256=([0-9a-f]{64})$/i.exec(call.signature ?? '')?.[1];
  return timingSafeEqual(expected, given === undefined ? Buffer.alloc(expected.length) : Buffer.from(given, 'hex'));
}
