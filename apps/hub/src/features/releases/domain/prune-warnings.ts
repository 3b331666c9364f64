import { evaluatePrune, parseObjectId } from '@fairlead/manifests';
import type { TargetSettings } from '@fairlead/shared/contracts';
import type { SnapshotObjects, TargetMove } from './target-changes.ts';

const goneShare = 0.1;
const maxWarnings = 100;

/** What waits for a person because it deletes much: deletions that agents would hold back, and apps that leave clusters. */
export function pruneWarnings(
  moves: readonly TargetMove<string>[],
  snapshots: ReadonlyMap<string, SnapshotObjects>,
  settings: ReadonlyMap<string, TargetSettings>,
): string[] {
  const held = new Map<string, string[]>();
  for (const move of moves) {
    const reason = heldBy(move, snapshots, settings.get(`${move.app} ${move.cluster}`));
    if (reason !== null) held.set(reason, [...(held.get(reason) ?? []), move.cluster]);
  }
  const warnings = [...held].map(([reason, clusters]) => `${reason} on ${nameClusters(clusters)}`);
  for (const [app, own] of Map.groupBy(
    moves.filter(({ from }) => from !== null),
    ({ app: name }) => name,
  )) {
    const left = own.filter(({ to }) => to === null).length;
    if (left > own.length * goneShare) warnings.push(`${app} leaves ${left} of its ${own.length} clusters`);
  }
  return warnings.slice(0, maxWarnings);
}

function heldBy(
  { app, from, to }: TargetMove<string>,
  snapshots: ReadonlyMap<string, SnapshotObjects>,
  settings: TargetSettings | undefined,
): string | null {
  if (from === null || to === null || from === to || settings?.prune.enabled !== true) return null;
  const { maxDeletes, confirm, allowEmpty } = settings.prune;
  const { held } = evaluatePrune({
    inventory: [...(snapshots.get(from)?.keys() ?? [])].map(parseObjectId),
    desired: [...(snapshots.get(to)?.keys() ?? [])].map(parseObjectId),
    maxDeletes,
    confirmKinds: confirm,
    allowEmpty,
  });
  return held === null ? null : `${app} would delete ${held.ids.length} objects (${held.reason})`;
}

function nameClusters(clusters: readonly string[]): string {
  return clusters.length > 5 ? `${clusters.length} clusters` : clusters.join(', ');
}
