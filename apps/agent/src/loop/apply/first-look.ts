import { KubeError } from '../../kube/kube-error.ts';
import type { ObjectMeta } from '../../kube/object-meta.ts';
import { eachLimited } from '../each-limited.ts';
import type { ObjectRecord } from '../state/object-record.ts';
import type { TargetContext } from '../target-context.ts';

/** What is there under the names of objects that were never applied, by key; null: nothing. Others were not looked at. */
export type FirstLook = ReadonlyMap<string, ObjectMeta | null>;

const listsAtOnce = 4;
const fewestForList = 5;
const objectsPerPage = 500;

/**
 * Looks at many new objects with few requests: one list of metadata for each kind and namespace. A place that holds far
 * more than what is new is not read to its end; what was not seen by then is left to a look of its own.
 */
export async function lookAtNew(
  records: readonly ObjectRecord[],
  context: TargetContext,
  signal: AbortSignal,
): Promise<FirstLook> {
  const places = new Map<string, ObjectRecord[]>();
  for (const record of records) {
    if (!isNew(record) || record.resource === null) continue;
    const place = `${record.apiVersion} ${record.resource.plural} ${record.id.namespace}`;
    places.set(place, [...(places.get(place) ?? []), record]);
  }
  const seen = new Map<string, ObjectMeta | null>();
  const worthwhile = [...places.values()].filter((place) => place.length >= fewestForList);
  await eachLimited(worthwhile, listsAtOnce, (place) => list(place, seen, { context, signal }));
  return seen;
}

/** Whether an object was never applied by us, as far as we remember. */
export function isNew(record: ObjectRecord): boolean {
  return record.uid === '';
}

async function list(
  records: readonly ObjectRecord[],
  seen: Map<string, ObjectMeta | null>,
  { context, signal }: { context: TargetContext; signal: AbortSignal },
): Promise<void> {
  const [first] = records;
  if (first === undefined || first.resource === null) return;
  const keys = new Map(records.map(({ id, key }) => [id.name, key]));
  const mostPages = 1 + Math.ceil((2 * records.length) / objectsPerPage);
  const { namespace } = first.id;
  const end = await context.kube
    .listMeta(first.resource, { namespace, mostPages, signal }, (meta) => {
      const key = keys.get(meta.name);
      if (key !== undefined) seen.set(key, meta);
    })
    .catch((error: unknown) => {
      // Whoever may not list may still look at one object after the other; each then fails by itself if it has to.
      if (error instanceof KubeError && !error.concernsServer) return '';
      throw error;
    });
  if (end === '') return;
  for (const { key } of records) if (!seen.has(key)) seen.set(key, null);
}
