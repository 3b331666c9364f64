import { canonicalJson, sha256Hex, type Json } from '@fairlead/manifests';
import type { GroupId } from '@fairlead/shared/kernel';
import { holdsIn, joinTraces, type CommitAnswers, type PathTrace } from '../domain/render-trace.ts';
import type { Comparison, ReleaseDraft } from '../domain/release-draft.ts';
import type { GroupToRead, StoredRelease } from './reading.store.ts';
import type { ClusterFacts, Renderer } from './renderer.ts';

interface Settled {
  release: number;
  terms: string;
  /** Everything that the renders of the group looked at. */
  trace: PathTrace;
}

/** Everything outside Git that a render may depend on. */
export function circumstancesOf(clusters: readonly ClusterFacts[], renderer: Renderer): string {
  return sha256Hex(JSON.stringify([renderer.fingerprint, clusters]));
}

/**
 * Remembers of groups that were read to the end what they looked at, so that a commit that changed none of it needs
 * neither their traces nor their releases from the database. Only ever a short cut: what is not remembered, or whose newest
 * release is another by now, is read in full.
 */
export class ReadingMemory {
  readonly #settled = new Map<GroupId, Settled>();

  /** Whether reading the group would come to its newest release again. */
  isSettled(group: GroupToRead, present: { release: number | undefined; circumstances: string; tree: CommitAnswers }) {
    const known = this.#settled.get(group.id);
    return (
      known !== undefined &&
      known.release === present.release &&
      known.terms === termsOf(group, present.circumstances) &&
      holdsIn(known.trace, present.tree)
    );
  }

  /** Takes note of a group whose draft was recorded; of one that may come to something else next time, of nothing. */
  note(
    group: GroupToRead,
    read: {
      draft: ReleaseDraft;
      newest: StoredRelease | null;
      comparison: Comparison;
      traces: readonly PathTrace[] | null;
      circumstances: string;
    },
  ): void {
    const { draft, newest, comparison, traces, circumstances } = read;
    const isComplete = comparison.outcome === 'new' || draft.targets.length === countAfter(comparison, newest);
    if (traces === null || draft.state !== 'ready' || !isComplete) {
      this.#settled.delete(group.id);
      return;
    }
    const release = (newest?.number ?? 0) + (comparison.outcome === 'new' ? 1 : 0);
    this.#settled.set(group.id, { release, terms: termsOf(group, circumstances), trace: joinTraces(traces) });
  }
}

function countAfter(comparison: Comparison, newest: StoredRelease | null): number {
  return (newest?.targets.length ?? 0) + (comparison.outcome === 'extend' ? comparison.added.length : 0);
}

function termsOf(group: GroupToRead, circumstances: string): string {
  return sha256Hex(canonicalJson([circumstances, group.name, group.apps] as unknown as Json));
}
