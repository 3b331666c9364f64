import type { Source } from '@fairlead/shared/contracts';
import type { SourceId } from '@fairlead/shared/kernel';

/** What fetching needs to know of a source. */
export interface FollowedSource {
  id: SourceId;
  name: string;
  url: string;
  ref: string;
  state: Source['state'];
  reason: string | null;
  headCommit: string | null;
}

export interface NewSource {
  name: string;
  url: string;
  ref: string;
  pollIntervalSeconds: number;
  webhookSecretSealed: string | null;
}

export interface NewHead {
  commit: string;
  author: string;
  subject: string;
  committedAtMs: number;
  rewritten: boolean;
}

/** Sources and the commits seen in them. Every change is written with its reminder and its ledger entry. */
export interface SourceStore {
  /** Null when the name is taken. */
  add(source: NewSource, actor: string): Promise<Source | null>;
  list(page: { afterName: string | null; limit: number }): Promise<Source[]>;
  find(name: string): Promise<Source | null>;
  findFollowed(id: SourceId): Promise<FollowedSource | null>;
  findByNameForHook(name: string): Promise<{ id: SourceId; webhookSecretSealed: string | null } | null>;
  /** Wants a fetch now. False when there is no such source. */
  requestFetch(name: string, actor: string): Promise<boolean>;
  /** Remembers the delivery and wants a fetch; false when this delivery was here before. */
  acceptDelivery(source: SourceId, deliveryId: string): Promise<boolean>;
  recordRefusedDelivery(name: string, reason: string): Promise<void>;
  /** The fetch succeeded. A head other than the one known is recorded and wanted to be read. */
  recordHead(source: SourceId, head: NewHead): Promise<void>;
  recordDegraded(source: SourceId, reason: string): Promise<void>;
  /** Sources whose poll interval has passed, and those never fetched. */
  listDue(): Promise<SourceId[]>;
}

export const SOURCE_STORE = Symbol('SourceStore');
