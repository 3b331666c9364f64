import type { Preview } from '@fairlead/shared/contracts';
import type { Discovery } from '../domain/discover-apps.ts';
import { pruneWarnings } from '../domain/prune-warnings.ts';
import { compareWithNewest } from '../domain/release-draft.ts';
import { pairTargets, shareMoves, type TargetMove } from '../domain/target-changes.ts';
import type { DraftedGroup } from './draft-group.ts';
import { previewFindings } from './preview-findings.ts';
import type { PreviewContent } from './preview-content.ts';
import type { GroupToRead, StoredRelease } from './reading.store.ts';
import { showDiffs } from './show-diffs.ts';
import type { ShowReleases } from './show-releases.ts';

export interface PreviewedGroup {
  group: GroupToRead;
  /** Null: nothing of it can be rendered. */
  drafted: DraftedGroup | null;
  newest: StoredRelease | null;
  ready: StoredRelease | null;
}

type Compared = Omit<Preview, 'source' | 'ref' | 'commit' | 'author' | 'subject' | 'markdown'>;

/** Compares drafts with what the newest releases that do not wait have for the same apps. */
export async function comparePreview(
  { groups, discovery, app }: { groups: readonly PreviewedGroup[]; discovery: Discovery; app: string | null },
  { content, show }: { content: PreviewContent; show: ShowReleases },
): Promise<Compared> {
  const isAsked = (target: { app: string }): boolean => app === null || target.app === app;
  const moves = movesOf(groups, discovery).filter(isAsked);
  const changed = moves.filter(({ from, to }) => from !== to);
  const snapshots = await content.listObjects([
    ...new Set(changed.flatMap(({ from, to }) => [from, to]).filter((digest) => digest !== null)),
  ]);
  const shared = shareMoves(changed, snapshots);
  const settings = new Map(
    groups.flatMap(({ drafted }) =>
      (drafted?.draft.targets ?? []).map((target) => [`${target.app} ${target.cluster}`, target.settings] as const),
    ),
  );
  const { diffs, more } = await showDiffs(shared, async (wanted) => {
    const own = await content.readOwn(wanted);
    const stored = await show.readMaskedBlobs(wanted.filter((digest) => !own.has(digest)));
    for (const [digest, json] of own) stored.set(digest, show.mask(json));
    return stored;
  });
  const totals = { clusters: new Set(changed.map(({ cluster }) => cluster)).size, added: 0, changed: 0, removed: 0 };
  for (const { clusters, objects } of shared) {
    for (const { from, to } of objects)
      totals[from === null ? 'added' : to === null ? 'removed' : 'changed'] += clusters.length;
  }
  return {
    isComplete: !groups.some(({ drafted }) => drafted?.isTransient === true),
    totals: { targets: changed.length, unchanged: moves.length - changed.length, ...totals },
    groups: groups.flatMap((each) => describeGroup(each, changed)),
    vanished: discovery.vanished.filter((name) => isAsked({ app: name })),
    findings: previewFindings(groups, discovery).filter(
      (finding) => finding.app === null || isAsked({ app: finding.app }),
    ),
    guard: pruneWarnings(moves, snapshots, settings),
    diffs,
    more,
  };
}

/** Over all groups at once, so that an app that changes its group is no removal. What did not render stays as it is. */
function movesOf(groups: readonly PreviewedGroup[], discovery: Discovery): TargetMove<string>[] {
  const vanished = new Set(discovery.vanished);
  const failed = new Set(
    groups.flatMap(({ drafted }) => (drafted?.failed ?? []).map(({ app, cluster }) => `${app} ${cluster}`)),
  );
  const before = groups
    .flatMap(({ ready }) => ready?.targets ?? [])
    .filter((target) => !vanished.has(target.app) && !failed.has(`${target.app} ${target.cluster}`));
  const after = groups
    .flatMap(({ drafted, ready }) => drafted?.draft.targets ?? ready?.targets ?? [])
    .filter((target) => !failed.has(`${target.app} ${target.cluster}`));
  return pairTargets(before, after);
}

function describeGroup(
  { group, drafted, newest }: PreviewedGroup,
  changed: readonly TargetMove<string>[],
): Preview['groups'] {
  const own = new Set(group.apps.map(({ name }) => name));
  const moves = changed.filter(({ app }) => own.has(app));
  const makesRelease = drafted !== null && compareWithNewest(drafted.draft, newest).outcome === 'new';
  if (moves.length === 0 && !makesRelease) return [];
  return [
    {
      name: group.name,
      makesRelease,
      state: drafted?.draft.state ?? 'waiting',
      apps: [...new Set(moves.map(({ app }) => app))],
      clusters: [...new Set(moves.map(({ cluster }) => cluster))].sort(),
    },
  ];
}
