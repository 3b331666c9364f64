import type { DraftTarget, ReleaseError } from '../domain/release-draft.ts';
import type { GroupDraft, OwnershipConflict, ReadingStore, StoredRelease } from './reading.store.ts';

export interface ComparedDraft extends GroupDraft {
  newest: StoredRelease | null;
}

/**
 * Refuses targets that would own an object another app of the cluster has: both would apply it for ever. Both apps are
 * named. A refused target is left out of its release, which waits, so that the next commit is judged anew.
 */
export async function refuseConflicts(store: ReadingStore, drafts: readonly ComparedDraft[]): Promise<ComparedDraft[]> {
  const changed = drafts.flatMap(changedTargets);
  if (changed.length === 0) return [...drafts];
  const conflicts = await store.findConflicts(changed, drafts);
  if (conflicts.length === 0) return [...drafts];
  return drafts.map((each) => withoutConflicts(each, conflicts));
}

function changedTargets({ draft, newest }: ComparedDraft): DraftTarget[] {
  const before = new Set(newest?.targets.map(keyWithDigest));
  return draft.targets.filter((target) => !before.has(keyWithDigest(target)));
}

function keyWithDigest({ app, cluster, digest }: DraftTarget): string {
  return `${app} ${cluster} ${digest}`;
}

function withoutConflicts(compared: ComparedDraft, conflicts: readonly OwnershipConflict[]): ComparedDraft {
  const { draft, group } = compared;
  const errors: ReleaseError[] = [];
  const isRefused = (target: DraftTarget): boolean => {
    const own = conflicts.filter((each) => each.app === target.app && each.cluster === target.cluster);
    const [first] = own;
    if (first === undefined) return false;
    const file = group.apps.find((app) => app.name === target.app)?.definition?.file ?? '';
    const more = own.length > 1 ? ` and ${own.length - 1} more` : '';
    const message = `the apps "${first.app}" and "${first.other}" both have ${first.object}${more} on the cluster "${first.cluster}"`;
    errors.push({ app: target.app, cluster: target.cluster, file, line: null, column: null, message, hint: null });
    return true;
  };
  const targets = draft.targets.filter((target) => !isRefused(target));
  if (errors.length === 0) return compared;
  return { ...compared, draft: { ...draft, state: 'waiting', targets, errors: [...draft.errors, ...errors] } };
}
