import type { Clock } from '../../../platform/clock/clock.ts';
import type { ApiTokenStore } from './api-token.store.ts';
import { hashToken, mintToken } from './token-secret.ts';

const yearMs = 365 * 86_400_000;

/** The admin token of a new hub, once; null as soon as any token was ever issued. Safe to call from several processes. */
export async function issueFirstAdminToken(ports: { store: ApiTokenStore; clock: Clock }): Promise<string | null> {
  const token = mintToken();
  const nowMs = ports.clock.nowMs();
  const isIssued = await ports.store.issueFirst({
    principal: 'admin',
    principalKind: 'person',
    role: 'admin',
    tokenHash: hashToken(token),
    description: 'first run',
    createdAtMs: nowMs,
    expiresAtMs: nowMs + yearMs,
    issuedBy: 'hub',
  });
  return isIssued ? token : null;
}
