import type { App, ObjectExplanation, Release, ReleaseTarget } from '@fairlead/shared/contracts';
import type { ReleaseId } from '@fairlead/shared/kernel';
import type { SnapshotObjects } from '../domain/target-changes.ts';

export interface TargetSnapshot {
  app: string;
  cluster: string;
  digest: string;
}

export interface ExplainedTarget {
  release: { id: number; number: number; commit: string };
  digest: string;
  /** By the order of application. */
  objects: { id: string; explanation: ObjectExplanation | null }[];
}

/** What people may look at of apps and releases. */
export interface ReleaseQuery {
  listApps(page: { afterName: string | null; limit: number }): Promise<App[]>;
  findApp(name: string): Promise<App | null>;
  /** Newest first. */
  listReleases(page: { group: string | null; beforeId: number | null; limit: number }): Promise<Release[]>;
  findRelease(id: ReleaseId): Promise<Release | null>;
  /** The release before this one in its group. */
  findPrevious(id: ReleaseId): Promise<Release | null>;
  listTargets(page: {
    release: ReleaseId;
    after: { app: string; cluster: string } | null;
    limit: number;
  }): Promise<ReleaseTarget[]>;
  findTarget(target: { release: ReleaseId; app: string; cluster: string }): Promise<TargetSnapshot | null>;
  /** What a target has been assigned, else what the newest release has for it. */
  findExplained(target: { app: string; cluster: string }): Promise<ExplainedTarget | null>;
  listAllTargets(release: ReleaseId): Promise<TargetSnapshot[]>;
  /** The newest release of a group when a commit (given by how it begins) had been read; null also when several begin so. */
  findReleaseAt(group: string, commit: string): Promise<ReleaseId | null>;
  /** Objects of snapshots, by their digests. */
  listObjects(digests: readonly string[]): Promise<Map<string, SnapshotObjects>>;
  /** Canonical JSON with sealed Secret values, by the digest of the content. */
  readBlobs(digests: readonly string[]): Promise<Map<string, string>>;
  /** Objects of a snapshot in the order of application: id, and canonical JSON with sealed Secret values. */
  readObjects(digest: string): Promise<{ id: string; json: string }[]>;
}

export const RELEASE_QUERY = Symbol('ReleaseQuery');
