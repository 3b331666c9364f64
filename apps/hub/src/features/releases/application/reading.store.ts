import type { Finding } from '@fairlead/shared/contracts';
import type { AppId, ClusterId, GroupId, ReleaseId, SourceId } from '@fairlead/shared/kernel';
import type { AppDefinition } from '../domain/app-definition.ts';
import type { OrderedApp } from '../domain/dependency-order.ts';
import type { Discovery, Surroundings } from '../domain/discover-apps.ts';
import type { Comparison, DraftTarget, ReleaseDraft } from '../domain/release-draft.ts';
import type { ReadTrace } from '../domain/render-trace.ts';
import type { ClusterFacts, RenderedApp } from './renderer.ts';

export interface SourceToRead {
  id: SourceId;
  name: string;
  url: string;
  ref: string;
  head: { commit: string; author: string; subject: string };
}

export interface RenderCluster extends Omit<ClusterFacts, 'schemas' | 'today'> {
  id: ClusterId;
}

/** An app of a group; without a definition it was refused and keeps what the newest release has of it. */
export interface GroupApp {
  id: AppId;
  name: string;
  definition: AppDefinition | null;
}

export interface GroupToRead {
  id: GroupId;
  name: string;
  apps: GroupApp[];
}

export interface StoredRelease extends ReleaseDraft {
  id: ReleaseId;
  number: number;
}

/** What the last render of a target gave and looked at. */
export interface StoredTrace {
  fingerprint: string;
  trace: ReadTrace;
  outcome: TargetOutcome;
}

export type TargetOutcome =
  | { outcome: 'skipped' }
  | { outcome: 'rendered'; snapshot: string; warnings: Finding[] }
  | { outcome: 'failed'; errors: Finding[] };

/** Two apps on one cluster that both have an object. */
export interface OwnershipConflict {
  object: string;
  cluster: string;
  app: string;
  other: string;
}

/** A release that clusters may still be assigned, besides the newest. */
export interface LiveRelease {
  id: ReleaseId;
  groupId: GroupId;
  number: number;
  commit: string;
  appOrder: OrderedApp[];
  targets: { app: string; cluster: string }[];
}

/** What renders leave behind, to be taken over by later ones. */
export type RenderStore = Pick<ReadingStore, 'readTraces' | 'saveTraces' | 'saveContent'>;

/** All that reading a commit writes. Every change is written with its reminders and its ledger entry. */
export interface ReadingStore {
  /** Null when there is no such source, or nothing was fetched yet. */
  findSource(id: SourceId): Promise<SourceToRead | null>;
  /** Sources whose head has not been read. */
  listUnread(): Promise<SourceId[]>;
  markRead(source: SourceId, commit: string): Promise<void>;
  /** Clusters that are not revoked, by name. */
  listClusters(): Promise<RenderCluster[]>;
  /** Lets `decide` judge the definitions of a commit, and writes what it says. One reading at a time over all sources. */
  updateApps(
    source: SourceToRead,
    decide: (around: Surroundings) => Discovery,
  ): Promise<{ discovery: Discovery; groups: GroupToRead[] }>;
  readTraces(app: AppId): Promise<Map<ClusterId, StoredTrace>>;
  saveTraces(app: AppId, commit: string, traces: ReadonlyMap<ClusterId, StoredTrace>): Promise<void>;
  saveContent(content: Pick<RenderedApp, 'snapshots' | 'blobs'>): Promise<void>;
  /** The newest release of a group, and the newest that does not wait: what refused apps keep. */
  findNewest(group: GroupId): Promise<{ newest: StoredRelease | null; ready: StoredRelease | null }>;
  /** Number of the newest release of every group of a source. */
  listReleaseNumbers(source: SourceId): Promise<Map<GroupId, number>>;
  /** Objects that an app of `changed` and another app of the same cluster both have. `drafts` stand for the newest releases of their groups. */
  findConflicts(changed: readonly DraftTarget[], drafts: readonly GroupDraft[]): Promise<OwnershipConflict[]>;
  /** Records a draft as `comparison` says, and the errors of the group's apps in any case. */
  recordDraft(record: {
    source: SourceToRead;
    group: GroupToRead;
    draft: ReleaseDraft;
    newest: StoredRelease | null;
    comparison: Comparison;
  }): Promise<void>;
  /** Releases of the source's groups that are held or being rolled out and are not the newest. */
  listLiveReleases(source: SourceId): Promise<LiveRelease[]>;
  addTargets(release: LiveRelease, targets: readonly DraftTarget[]): Promise<void>;
}

export interface GroupDraft {
  group: GroupToRead;
  draft: ReleaseDraft;
}

export const READING_STORE = Symbol('ReadingStore');
