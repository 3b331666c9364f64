import { diffObjects, type DiffItem, type Json, type KubeObject } from '@fairlead/manifests';
import type { AppDiff, ObjectDiff } from '@fairlead/shared/contracts';
import type { ObjectMove, SharedMoves } from '../domain/target-changes.ts';

const maxDiffs = 100;
const maxObjects = 200;
const maxFields = 100;

/** Reads objects as they may be shown, by the digest of their content. */
export type ReadMasked = (digests: readonly string[]) => Promise<ReadonlyMap<string, KubeObject>>;

/** Diffs for people, as many as fit; `more` counts the targets of the others. */
export async function showDiffs(
  shared: readonly SharedMoves[],
  read: ReadMasked,
): Promise<{ diffs: AppDiff[]; more: number }> {
  const diffs: AppDiff[] = [];
  for (const { app, clusters, objects } of shared.slice(0, maxDiffs)) {
    const shown = objects.slice(0, maxObjects);
    const contents = await read(shown.flatMap(({ from, to }) => [from ?? [], to ?? []].flat()));
    diffs.push({
      app,
      clusters: [...clusters].sort(),
      added: objects.filter(({ from }) => from === null).length,
      changed: objects.filter(({ from, to }) => from !== null && to !== null).length,
      removed: objects.filter(({ to }) => to === null).length,
      objects: shown.map((move) => showObject(move, contents)),
    });
  }
  return { diffs, more: shared.slice(maxDiffs).reduce((sum, { clusters }) => sum + clusters.length, 0) };
}

function showObject({ id, from, to }: ObjectMove, contents: ReadonlyMap<string, KubeObject>): ObjectDiff {
  if (from === null) return { id, change: 'added', fields: [] };
  if (to === null) return { id, change: 'removed', fields: [] };
  const items = diffObjects(contents.get(to) ?? null, contents.get(from) ?? null);
  return { id, change: 'changed', fields: items.slice(0, maxFields).map(showField) };
}

function showField(item: DiffItem): ObjectDiff['fields'][number] {
  return {
    path: item.path,
    ...(item.live === undefined ? {} : { from: plain(item.live) }),
    ...(item.desired === undefined ? {} : { to: plain(item.desired) }),
  };
}

type PlainJson = NonNullable<ObjectDiff['fields'][number]['from']> | null;

/** JSON as the REST API carries it. */
function plain(value: Json): PlainJson {
  const text = JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? Number(each) : each));
  return JSON.parse(text) as PlainJson;
}
