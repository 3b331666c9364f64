/** Objects of a snapshot: id -> digest of the content. */
export type SnapshotObjects = ReadonlyMap<string, string>;

export interface TargetMove<Snapshot> {
  app: string;
  cluster: string;
  from: Snapshot | null;
  to: Snapshot | null;
}

export interface ObjectMove {
  id: string;
  /** Digests of the content. */
  from: string | null;
  to: string | null;
}

/** An app, what happens to its objects, and the clusters on which exactly this does. */
export interface SharedMoves {
  app: string;
  clusters: string[];
  objects: ObjectMove[];
}

/** Puts targets side by side by app and cluster, in that order. */
export function pairTargets<Snapshot>(
  before: readonly { app: string; cluster: string; digest: Snapshot }[],
  after: readonly { app: string; cluster: string; digest: Snapshot }[],
): TargetMove<Snapshot>[] {
  const moves = new Map<string, TargetMove<Snapshot>>();
  for (const { app, cluster, digest } of before)
    moves.set(`${app} ${cluster}`, { app, cluster, from: digest, to: null });
  for (const { app, cluster, digest } of after) {
    const from = moves.get(`${app} ${cluster}`)?.from ?? null;
    moves.set(`${app} ${cluster}`, { app, cluster, from, to: digest });
  }
  return [...moves].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, move]) => move);
}

/** What happens to the objects between two snapshots; a snapshot that is not there has none. */
export function moveObjects(from: SnapshotObjects | undefined, to: SnapshotObjects | undefined): ObjectMove[] {
  const ids = new Set([...(to?.keys() ?? []), ...(from?.keys() ?? [])]);
  return [...ids].flatMap((id) => {
    const move = { id, from: from?.get(id) ?? null, to: to?.get(id) ?? null };
    return move.from === move.to ? [] : [move];
  });
}

/** Puts clusters on which the same happens to the objects of an app together; those of the most clusters first. */
export function shareMoves(
  moves: readonly TargetMove<string>[],
  snapshots: ReadonlyMap<string, SnapshotObjects>,
): SharedMoves[] {
  const shared = new Map<string, SharedMoves>();
  // Most clusters go from the same snapshot to the same snapshot: those are compared once.
  const compared = new Map<string, { objects: ObjectMove[]; key: string }>();
  for (const { app, cluster, from, to } of moves) {
    const step = `${from} ${to}`;
    const known = compared.get(step) ?? keyed(moveObjects(snapshots.get(from ?? ''), snapshots.get(to ?? '')));
    compared.set(step, known);
    const key = `${app} ${known.key}`;
    const present = shared.get(key);
    if (present === undefined) shared.set(key, { app, clusters: [cluster], objects: known.objects });
    else present.clusters.push(cluster);
  }
  return [...shared.values()].sort((left, right) => right.clusters.length - left.clusters.length);
}

function keyed(objects: ObjectMove[]): { objects: ObjectMove[]; key: string } {
  return { objects, key: JSON.stringify(objects.map(({ id, from, to }) => [id, from, to])) };
}
