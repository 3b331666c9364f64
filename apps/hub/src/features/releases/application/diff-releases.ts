import type { DiffCommits, DiffRelease, Release, ReleaseDiff } from '@fairlead/shared/contracts';
import type { ReleaseId } from '@fairlead/shared/kernel';
import { clusterNotInRelease, commitNotReleased } from '../domain/release.errors.ts';
import { pairTargets, shareMoves } from '../domain/target-changes.ts';
import type { ReleaseQuery, TargetSnapshot } from './release.query.ts';
import { showDiffs } from './show-diffs.ts';
import type { ShowReleases } from './show-releases.ts';

interface Side {
  release: Release;
  cluster: string | null;
  targets: TargetSnapshot[];
}

/** Compares what releases have for clusters. Clusters on which an app changes in the same way share one diff. */
export class DiffReleases {
  readonly #query: ReleaseQuery;
  readonly #show: ShowReleases;

  constructor(options: { query: ReleaseQuery; show: ShowReleases }) {
    this.#query = options.query;
    this.#show = options.show;
  }

  /** A release against another one, by default the one before it, or two of its clusters. */
  async diff(id: number, { against, cluster, againstCluster }: DiffRelease = {}): Promise<ReleaseDiff> {
    const release = await this.#show.getRelease(id);
    if (cluster !== undefined && againstCluster !== undefined)
      return this.#clusters(release, { after: cluster, before: againstCluster });
    const base =
      against === undefined
        ? await this.#query.findPrevious(release.id as ReleaseId)
        : await this.#show.getRelease(against);
    return this.#compare(await this.#side(release), base === null ? null : await this.#side(base));
  }

  /** What a group was like at two commits: each commit stands for the release that was the newest when it had been read. */
  async diffCommits(group: string, { commit, againstCommit }: DiffCommits): Promise<ReleaseDiff> {
    const [after, before] = await Promise.all(
      [commit, againstCommit].map(async (each) => {
        const id = await this.#query.findReleaseAt(group, each);
        if (id === null) throw commitNotReleased({ group, commit: each });
        return this.#side(await this.#show.getRelease(id));
      }),
    );
    if (after === undefined || before === undefined) throw new Error('two commits have two releases');
    return this.#compare(after, before);
  }

  async #clusters(release: Release, names: { after: string; before: string }): Promise<ReleaseDiff> {
    const all = await this.#query.listAllTargets(release.id as ReleaseId);
    const sideOf = (cluster: string): Side => {
      const targets = all.filter((target) => target.cluster === cluster);
      if (targets.length === 0) throw clusterNotInRelease({ release: release.id, cluster });
      // Under one name, so that they stand side by side.
      return { release, cluster, targets: targets.map((target) => ({ ...target, cluster: names.after })) };
    };
    return this.#compare(sideOf(names.after), sideOf(names.before));
  }

  async #side(release: Release): Promise<Side> {
    return { release, cluster: null, targets: await this.#query.listAllTargets(release.id as ReleaseId) };
  }

  async #compare(after: Side, before: Side | null): Promise<ReleaseDiff> {
    const pairs = pairTargets(before?.targets ?? [], after.targets);
    const differing = pairs.filter(({ from, to }) => from !== to);
    const digests = new Set(differing.flatMap(({ from, to }) => [from, to]));
    const snapshots = await this.#query.listObjects([...digests].filter((digest) => digest !== null));
    const shared = shareMoves(differing, snapshots);
    return {
      group: after.release.group,
      after: describeSide(after),
      before: before === null ? null : describeSide(before),
      ...(await showDiffs(shared, (wanted) => this.#show.readMaskedBlobs(wanted))),
      unchanged: pairs.length - differing.length,
    };
  }
}

function describeSide({ release, cluster }: Side): ReleaseDiff['after'] {
  return { release: release.id, number: release.number, commit: release.commit, cluster };
}
