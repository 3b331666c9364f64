import type { Report } from '../hub/report-buffer.ts';
import type { SnapshotSource } from '../hub/snapshot-source.ts';
import type { SnapshotStore } from '../hub/snapshot-store.ts';
import type { SealingKeys } from '../domain/apply/unseal.ts';
import type { LocalLimits } from '../domain/tenancy/local-limits.ts';
import type { KubeClient } from '../kube/kube-client.ts';
import type { Logger } from '../logger.ts';
import type { DefinitionFacts } from './health/definition-facts.ts';
import type { InventoryStore } from './state/inventory-store.ts';
import type { MarkedObjects } from './state/marked-objects.ts';
import type { KindWatches } from './watch/kind-watches.ts';
import type { Namespaces } from './apply/namespaces.ts';
import type { ProgressStore } from './state/progress-store.ts';

/** What the loops of all targets of a cluster share. */
export interface TargetContext {
  readonly kube: KubeClient;
  readonly source: SnapshotSource;
  readonly snapshots: SnapshotStore;
  readonly inventories: InventoryStore;
  readonly marked: MarkedObjects;
  readonly progress: ProgressStore;
  readonly watches: KindWatches;
  readonly namespaces: Namespaces;
  readonly definitions: DefinitionFacts;
  readonly log: Logger;
  readonly agentNamespace: string;
  readonly stuckGraceMs: number;
  readonly limits: LocalLimits;
  /** Every object is compared whole once in this time. */
  readonly sweepIntervalMs: number;
  report(report: Report): void;
  /** The app that has this object, if it is another one. */
  otherOwner(app: string, key: string): string | null;
  /** An app has other objects than before: indexes and watches follow. */
  ownershipChanged(): void;
  sealingKeys(): SealingKeys;
  maskKey(): Uint8Array;
  /** Throws when another agent may have taken over: nothing is written then. */
  assertMayWrite(): void;
}
