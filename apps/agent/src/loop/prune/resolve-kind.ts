import type { JsonObject } from '@fairlead/manifests';
import type { Resource } from '../../kube/resource.ts';
import type { ObjectRecord } from '../state/object-record.ts';
import type { TargetContext } from '../target-context.ts';

/**
 * The kind of an object as it is served now. Null only when the server says for certain that there is none; throws when
 * that cannot be known, because an aggregated API does not answer.
 */
async function resolveKind(record: ObjectRecord, { kube }: TargetContext): Promise<Resource | null> {
  if (record.resource !== null) return record.resource;
  const { apiVersion, id } = record;
  // What was remembered may be from before the kind was there.
  return (await kube.resolve(apiVersion, id.kind)) ?? kube.resolve(apiVersion, id.kind, true);
}

/** The object in whatever version its kind is served now; null when it is not there, or its kind is not. */
export async function findLive(
  record: ObjectRecord,
  context: TargetContext,
): Promise<{ readonly resource: Resource; readonly live: JsonObject } | null> {
  const resource = await resolveKind(record, context);
  if (resource === null) return null;
  const live = await context.kube.get(resource, record.id);
  if (live !== null) return { resource, live };
  // An object may only seem to be gone because the version it was applied in is.
  const now = await context.kube.resolve(record.apiVersion, record.id.kind, true);
  if (now === null || now.version === resource.version) return null;
  const other = await context.kube.get(now, record.id);
  return other === null ? null : { resource: now, live: other };
}
