import type { Resource } from '../../kube/resource.ts';
import type { ObjectRecord } from '../state/object-record.ts';
import type { TargetContext } from '../target-context.ts';

/**
 * The kind of an object as it is served now. Null only when the server says for certain that there is none; throws when
 * that cannot be known, because an aggregated API does not answer.
 */
export async function resolveKind(record: ObjectRecord, { kube }: TargetContext): Promise<Resource | null> {
  if (record.resource !== null) return record.resource;
  const found = await kube.resolve(record.apiVersion, record.id.kind);
  if (found !== null) return found;
  // What was remembered may be from before the kind was there.
  return (await kube.discover(record.apiVersion, true)).get(record.id.kind) ?? null;
}
