import type { AppId, ClusterId, GroupId, SourceId } from '@fairlead/shared/kernel';
import type { Surroundings } from '../domain/discover-apps.ts';
import type { SnapshotObjects } from '../domain/target-changes.ts';
import type { RenderCluster, StoredRelease, StoredTrace } from './reading.store.ts';

export interface PreviewSource {
  id: SourceId;
  name: string;
  url: string;
  ref: string;
}

/** All that a preview may see of what the hub knows. There is nothing in it that writes. */
export interface PreviewStore {
  findSource(name: string): Promise<PreviewSource | null>;
  readSurroundings(source: PreviewSource): Promise<Surroundings>;
  /** Apps of the source that some file defines, with their groups. */
  listApps(source: SourceId): Promise<{ id: AppId; name: string; groupId: GroupId; group: string }[]>;
  listClusters(): Promise<RenderCluster[]>;
  readTraces(app: AppId): Promise<Map<ClusterId, StoredTrace>>;
  findNewest(group: GroupId): Promise<{ newest: StoredRelease | null; ready: StoredRelease | null }>;
  listObjects(digests: readonly string[]): Promise<Map<string, SnapshotObjects>>;
  /** Which of these contents are stored. */
  findBlobs(digests: readonly string[]): Promise<Set<string>>;
  /** The text of a content as renders hand it over. */
  unpack(content: Uint8Array): Promise<string>;
}

export const PREVIEW_STORE = Symbol('PreviewStore');
