import type { ObjectId } from '@fairlead/manifests';
import { applyRank, applyStage, compareForApply } from '@fairlead/manifests';

/**
 * Where an object stands in the order of application: by wave, then by kind, then by how many steps of dependencies of the
 * same wave and kind come before it. Deletion goes backwards (`domain/prune/deletion-levels.ts`).
 */
export interface Place {
  readonly wave: number;
  /** Position of the kind. Kinds that may be applied together share it. */
  readonly rank: number;
  readonly level: number;
}

export interface Placed {
  readonly id: ObjectId;
  readonly place: Place;
}

export interface OrderNode {
  readonly key: string;
  readonly id: ObjectId;
  readonly wave: number;
  /** Keys of the objects that have to come before it. Keys that are not among the nodes are ignored. */
  readonly after: readonly string[];
}

const stageWidth = 100;
const interned = new Map<string, Place>();

/** The place of an object that waits for nothing. */
export function placeOf(id: ObjectId, wave = 0): Place {
  const stage = applyStage(id);
  // Bindings must find their roles applied; elsewhere the order inside a stage does not matter to the server.
  return intern({ wave, rank: stage === 1 || stage === 5 ? applyRank(id) : stage * stageWidth, level: 0 });
}

/** The stage of its kind, 0 to 5, or of the kind it was put behind. */
export function stageOf(place: Place): number {
  return Math.floor(place.rank / stageWidth);
}

/** Whether objects at this place are namespaces and definitions, which everything after them needs. */
export function isGate(place: Place): boolean {
  return stageOf(place) === 0;
}

/** Gives every node its place: its own, or behind the last of those it comes after. Also names the nodes of cycles. */
export function placeAll(nodes: readonly OrderNode[]): { places: Map<string, Place>; cyclic: Set<string> } {
  const all = new Map(nodes.map((node) => [node.key, node]));
  const cyclic = unsortable(all);
  const places = new Map<string, Place>();
  for (const node of sorted(all, cyclic)) {
    let place = placeOf(node.id, node.wave);
    for (const key of node.after) {
      const before = places.get(key);
      if (before === undefined) continue;
      const behind = intern({ ...before, level: before.level + 1 });
      if (comparePlaces(behind, place) > 0) place = behind;
    }
    places.set(node.key, place);
  }
  return { places, cyclic };
}

export function comparePlaces(left: Place, right: Place): number {
  return left.wave - right.wave || left.rank - right.rank || left.level - right.level;
}

/** Groups that go one after the other; objects of a group go together. The same for any order of the input. */
export function groupsInOrder<T extends Placed>(objects: readonly T[]): T[][] {
  const inOrder = [...objects].sort(
    (left, right) => comparePlaces(left.place, right.place) || compareForApply(left.id, right.id),
  );
  const groups: T[][] = [];
  for (const object of inOrder) {
    const last = groups.at(-1);
    if (last?.[0] !== undefined && comparePlaces(last[0].place, object.place) === 0) last.push(object);
    else groups.push([object]);
  }
  return groups;
}

/** Nodes in an order in which each comes after those it names; every node but the `cyclic` ones. */
function sorted(all: ReadonlyMap<string, OrderNode>, cyclic: ReadonlySet<string>): OrderNode[] {
  const nodes = new Map([...all].filter(([key]) => !cyclic.has(key)));
  return peel(nodes, (node) => node.after);
}

/** Nodes on a cycle, or between two: what is left after taking away, from both ends, all that has nothing before or behind it. */
function unsortable(all: ReadonlyMap<string, OrderNode>): Set<string> {
  const left = new Map(all);
  for (const { key } of peel(left, (node) => node.after)) left.delete(key);
  const behind = new Map<string, string[]>();
  for (const { key, after } of left.values()) {
    for (const before of after) {
      if (!left.has(before)) continue;
      const known = behind.get(before);
      if (known === undefined) behind.set(before, [key]);
      else known.push(key);
    }
  }
  for (const { key } of peel(left, (node) => behind.get(node.key) ?? [])) left.delete(key);
  return new Set(left.keys());
}

/** Takes nodes away as long as one has no neighbour left on one side; gives them in that order. */
function peel(nodes: ReadonlyMap<string, OrderNode>, neighbours: (node: OrderNode) => readonly string[]): OrderNode[] {
  const open = new Map<string, number>();
  const released = new Map<string, OrderNode[]>();
  const ready: OrderNode[] = [];
  for (const node of nodes.values()) {
    const inside = neighbours(node).filter((key) => nodes.has(key));
    open.set(node.key, inside.length);
    if (inside.length === 0) ready.push(node);
    for (const key of inside) {
      const known = released.get(key);
      if (known === undefined) released.set(key, [node]);
      else known.push(node);
    }
  }
  for (const node of ready) {
    for (const next of released.get(node.key) ?? []) {
      const count = (open.get(next.key) ?? 0) - 1;
      open.set(next.key, count);
      if (count === 0) ready.push(next);
    }
  }
  return ready;
}

// Thousands of objects share a handful of places.
function intern(place: Place): Place {
  const key = `${place.wave} ${place.rank} ${place.level}`;
  const known = interned.get(key);
  if (known !== undefined) return known;
  interned.set(key, place);
  return place;
}
